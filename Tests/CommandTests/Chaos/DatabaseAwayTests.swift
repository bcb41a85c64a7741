import Foundation
import Postgres
import Store
import TestSupport
import Testing

/// The daemon's PostgreSQL goes and comes back.
@Suite(.serialized) struct DatabaseAwayTests {
    @Test("while its database is away the daemon says 503 with Retry-After and stays up; when it is back, so are spends, by themselves")
    func away() async throws {
        let server = try await TestServer.dedicated()
        try await ServeFixture.with(server: server) { fixture in
            let ticket = try await fixture.ticket()
            let daemon = try fixture.serve()
            let address = try await daemon.address()
            let client = APIClient(token: fixture.chaos.token)
            for round in 1...2 {
                #expect(try await client.spend(address, ticket: ticket, channel: "email", key: "before-\(round)").status == 201)
                if round == 1 { await server.kill() } else { await server.interrupt() }
                let refused = try await client.spend(address, ticket: ticket, channel: "email", key: "away-\(round)")
                #expect(refused.status == 503)
                #expect(refused.header("Retry-After").flatMap { Int($0) } != nil)
                #expect(refused.header("Content-Type") == "application/problem+json")
                let ready = try await client.get(address + "/readyz")
                #expect(ready.status == 503 && ready.header("Retry-After") != nil)
                #expect(await client.status(address + "/healthz") == 200)
                try await server.recover()
                try await client.waitUntilReady(address, within: 30)
                #expect(try await client.spend(address, ticket: ticket, channel: "email", key: "away-\(round)").status == 201)
            }
            #expect(!daemon.hasEnded)
            #expect(daemon.logLines.count < 40, "\(daemon.logged)")
            #expect(try await daemon.stop() == 0)
            await client.http.shutdown()
        }
        await server.stop()
    }
}
