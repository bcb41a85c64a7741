import Domain
import Foundation
import Store
import TestSupport
import Testing

@Suite struct ShutdownTests {
    @Test("a graceful shutdown books and answers the spends it had accepted, and takes no new connection")
    func finishes() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket(quantity: 10)
            let pool = server.shop.test.database.makePool { $0.connectionsMax = 1 }
            let held = Held(pool)
            try await held.hold("SELECT * FROM counter FOR UPDATE")
            let answers = try await withThrowingTaskGroup(of: WebAnswer.self) { group in
                for _ in 0..<20 { group.addTask { try await server.spend(ticket) } }
                while server.store.spendFigures.waiting + server.store.spendFigures.decided < 20 { await Task.yield() }
                await server.group.triggerGracefulShutdown()
                while (try? await RawConnection.exchange(server.address, "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n")) != nil {
                    await Task.yield()
                }
                await held.release()
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count == 20)
            #expect(answers.allSatisfy { $0.status == 201 })
            #expect(try await server.shop.counter(ticket)?.used == 20)
            await pool.shutdown()
        }
    }
}
