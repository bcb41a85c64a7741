import Curl
import Domain
import Foundation
import TestSupport
import Testing

@Suite struct LimitTests {
    @Test("a client that never finishes its head is closed")
    func halfHead() async throws {
        try await WebServer.with { $0.idleSecondsMax = 0.3 } _: { server in
            let answer = try await RawConnection.exchange(server.address, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            #expect(answer.isEmpty)
            #expect(try await server.get("/healthz").status == 200)
        }
    }

    @Test("a client that never finishes its body is closed, and nothing is booked")
    func halfBody() async throws {
        try await WebServer.with { $0.readSecondsMax = 0.3 } _: { server in
            let ticket = try await server.shop.ticket()
            let head = "POST /api/v1/tickets/\(ticket)/usages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(server.admin)\r\nIdempotency-Key: k\r\n"
            let answer = try await RawConnection.exchange(server.address, head + "Content-Length: 50\r\n\r\n{\"channel\":")
            #expect(!answer.contains("201"))
            #expect(try await server.shop.counter(ticket)?.used == 0)
        }
    }

    @Test("a body without an end is cut off")
    func endlessBody() async throws {
        try await WebServer.with { $0.requestBytesMax = 100_000 } _: { server in
            let head = "POST /api/v1/usages/batch HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(server.admin)\r\nTransfer-Encoding: chunked\r\n\r\n"
            let chunk = "8000\r\n" + String(repeating: " ", count: 0x8000) + "\r\n"
            let answer = try await RawConnection.exchange(server.address, head + String(repeating: chunk, count: 5))
            #expect(!answer.hasPrefix("HTTP/1.1 2"))
        }
    }

    @Test("headers beyond their limit are refused")
    func headers() async throws {
        try await WebServer.with { server in
            let head = "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: " + String(repeating: "x", count: 40_000) + "\r\n\r\n"
            let answer = try await RawConnection.exchange(server.address, head)
            #expect(answer.hasPrefix("HTTP/1.1 400") || answer.isEmpty)
        }
    }

    @Test("when no database connection becomes free in time, a spend is 503 with Retry-After, and one line of log says so")
    func poolExhausted() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            let pool = test.database.makePool {
                $0.connectionsMax = 1
                $0.waitSecondsMax = 0.2
            }
            let held = Held(pool)
            try await WebServer.with(store: held.store(clock: test.clock), shop: shop) { server in
                _ = try await server.get("/api/v1/tickets")
                try await held.hold()
                let answer = try await server.spend(ticket)
                #expect(answer.status == 503)
                #expect(answer.problem == "unavailable")
                #expect(answer.header("retry-after") == "2")
                #expect(answer.detail == "too much is waiting for the database; nothing was booked")
                #expect(server.log.all.filter { $0.contains("not available") }.count == 1)
                await held.release()
                #expect(try await server.spend(ticket).status == 201)
            }
            await pool.shutdown()
        }
    }
}
