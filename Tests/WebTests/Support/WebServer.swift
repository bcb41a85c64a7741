import Curl
import Domain
import Foundation
import Logging
import ServiceLifecycle
import Store
import TestSupport
import Testing
import Web

/// The program's own HTTP server on a port of its own, with a shop `demo` and a client. Every answer is held against the document.
struct WebServer: Sendable {
    let shop: TestShop
    let address: String
    let client: HTTPClient
    let document: DocumentCheck
    let log: LogLines
    let group: ServiceGroup
    /// A token with the scope `admin`.
    let admin: String

    var store: Store { shop.store }

    static func with(
        pooling: Bool = false, connectionsMax: Int = 6, _ configure: (inout WebConfiguration) -> Void = { _ in },
        _ body: (WebServer) async throws -> Void
    ) async throws {
        try await TestStore.with(connectionsMax: connectionsMax) { test in
            let shop = try await TestShop.add(to: test, pooling: pooling)
            var configuration = WebConfiguration(port: 0)
            configure(&configuration)
            try await run(shop, configuration, body)
        }
    }

    /// The server over another store than the shop's own.
    static func with(store: Store, shop: TestShop, _ body: (WebServer) async throws -> Void) async throws {
        try await run(shop, WebConfiguration(port: 0), store: store, body)
    }

    /// The server over a database that is away.
    static func withoutDatabase(_ body: (WebServer) async throws -> Void) async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let pool = test.database.makePool {
                $0.connectionString = "host=/nonexistent dbname=none"
                $0.connectSecondsMax = 2
            }
            try await with(store: Store(pool: pool, logger: TestServer.logger) { test.clock.now }, shop: shop, body)
            await pool.shutdown()
        }
    }

    private static func run(_ shop: TestShop, _ configuration: WebConfiguration, store: Store? = nil, _ body: (WebServer) async throws -> Void) async throws {
        let log = LogLines()
        let (addresses, heard) = AsyncStream.makeStream(of: String.self)
        let service = try WebApplication.build(store: store ?? shop.store, configuration: configuration, logger: log.logger) { heard.yield($0) }
        let group = ServiceGroup(services: [service], logger: TestServer.logger)
        let running = Task {
            defer { heard.finish() }
            try await group.run()
        }
        guard let address = await addresses.first(where: { _ in true }) else {
            try await running.value
            throw CocoaError(.fileNoSuchFile)
        }
        let client = HTTPClient(userAgent: "tests", connectionsMax: 256, waitersMax: 2000, logger: TestServer.logger)
        let result: Result<Void, any Error>
        do {
            let server = WebServer(
                shop: shop, address: address, client: client, document: try await DocumentCheck.read(address, client), log: log, group: group,
                admin: try await token([.admin], shop))
            result = .success(try await body(server))
        } catch { result = .failure(error) }
        await group.triggerGracefulShutdown()
        await client.shutdown()
        try await running.value
        try result.get()
    }

    private static func token(_ scopes: Set<TokenScope>, _ shop: TestShop) async throws -> String {
        let label = scopes.map(\.rawValue).sorted().joined(separator: "+")
        return try await shop.store.createToken(scopes: scopes, label: label, for: shop.id, by: .commandLine).get().text.value
    }

    func token(_ scopes: TokenScope..., for other: TestShop? = nil) async throws -> String {
        try await Self.token(Set(scopes), other ?? shop)
    }

    func get(_ path: String, token: String? = nil, headers: [(String, String)] = []) async throws -> WebAnswer {
        try await send(.get, path, nil, token: token, headers: headers)
    }

    func post(
        _ path: String, _ body: String, key: String? = nil, token: String? = nil, headers: [(String, String)] = []
    ) async throws -> WebAnswer {
        let keys = key.map { [("Idempotency-Key", $0)] } ?? []
        return try await send(.post, path, Array(body.utf8), token: token, headers: keys + headers)
    }

    /// `token` "" sends none.
    func send(
        _ method: Curl.HTTPRequest.Method, _ path: String, _ body: [UInt8]?, token: String? = nil, headers: [(String, String)] = []
    ) async throws -> WebAnswer {
        let bearer = token ?? admin
        var request = HTTPRequest(method: method, url: address + path, headers: headers.map { (name: $0.0, value: $0.1) }, body: body)
        if !bearer.isEmpty { request.headers.append((name: "Authorization", value: "Bearer " + bearer)) }
        let answer = WebAnswer(try await client.send(request))
        document.check(answer, method: method.rawValue, path: path)
        return answer
    }

    /// Spends one credit of `channel`.
    func spend(_ ticket: TicketID, _ channel: String = "email", _ quantity: Int = 1, key: String = UUID().uuidString, token: String? = nil) async throws -> WebAnswer {
        try await post("/api/v1/tickets/\(ticket)/usages", #"{"channel":"\#(channel)","quantity":\#(quantity)}"#, key: key, token: token)
    }
}
