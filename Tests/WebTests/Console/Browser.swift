import Curl
import Domain
import Foundation
import Store
import Synchronization
import TestSupport
import Testing

@testable import Web

/// A browser as the server sees one: it keeps cookies, sends the token of the page it saw last, and follows nothing by itself.
final class Browser: Sendable {
    let server: WebServer
    private let state = Mutex<(cookies: [String: String], token: String)>(([:], ""))

    init(_ server: WebServer) { self.server = server }

    var cookies: [String: String] { state.withLock { $0.cookies } }
    var token: String { state.withLock { $0.token } }
    var session: String? { cookies["supportmeter_session"] }

    func set(_ cookie: String, _ value: String?) { state.withLock { $0.cookies[cookie] = value } }

    func get(_ path: String, headers: [(String, String)] = []) async throws -> WebAnswer {
        try await send(.get, path, nil, headers)
    }

    /// Sends a form with the token of the page seen last; `csrf` sends another, "" none.
    func post(_ path: String, _ fields: [(String, String)] = [], csrf: String? = nil, headers: [(String, String)] = []) async throws -> WebAnswer {
        let token = csrf ?? token
        let all = fields + (token.isEmpty ? [] : [("csrf", token)])
        let body = all.map { FormText.encode($0.0) + "=" + FormText.encode($0.1) }.joined(separator: "&")
        return try await send(.post, path, Array(body.utf8), [("Content-Type", "application/x-www-form-urlencoded")] + headers)
    }

    /// Opens the sign-in page and sends its form.
    func signIn(_ email: String, _ password: String = TestStaff.password, shop: String = "", back: String = "") async throws -> WebAnswer {
        _ = try await get("/sign-in")
        return try await post("/sign-in", [("email", email), ("password", password), ("shop", shop), ("return", back)])
    }

    func send(_ method: HTTPRequest.Method, _ path: String, _ body: [UInt8]?, _ headers: [(String, String)]) async throws -> WebAnswer {
        var request = HTTPRequest(method: method, url: server.address + path, headers: [], body: body)
        if !headers.contains(where: { $0.0 == "Accept" }) { request.headers.append((name: "Accept", value: "text/html,*/*;q=0.8")) }
        request.headers += headers.map { (name: $0.0, value: $0.1) }
        let cookie = cookies.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        if !cookie.isEmpty { request.headers.append((name: "Cookie", value: cookie)) }
        let response = try await server.client.send(request, limits: TransferLimits(redirectsMax: 0))
        for header in response.headers where header.name.lowercased() == "set-cookie" { keep(header.value) }
        let answer = WebAnswer(response)
        if let start = answer.text.range(of: "name=\"csrf\" content=\"") {
            let token = String(answer.text[start.upperBound...].prefix { $0 != "\"" })
            state.withLock { $0.token = token }
        }
        return answer
    }

    private func keep(_ header: String) {
        let pair = header.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard pair.count == 2 else { return }
        state.withLock { $0.cookies[pair[0]] = header.contains("Max-Age=0") ? nil : pair[1] }
    }
}

/// People of a test's shop. Their password's hash is a cheap one, made beforehand: signing in costs no scrypt of full strength.
enum TestStaff {
    static let password = "correct horse battery"
    private static let hash = "scrypt$16$8$1$MDEyMzQ1Njc4OWFiY2RlZg==$LYtM8Mh+uD5qDLQWvjcUOTNEVL2STXzMHwI4lieKYvI="

    static func add(_ role: Role, _ email: String, name: String = "Ana", language: String = "en", to shop: TestShop) async throws -> Staff {
        let id = try await shop.test.database.pool.transaction { connection in
            try connection.queryOne(
                """
                INSERT INTO staff (shop_id, email, name, role, password_hash, language, created_at)
                VALUES (\(shop.id.rawValue)::bigint, \(email), \(name), \(role.rawValue), \(hash), \(language), now()) RETURNING user_id
                """
            ) { try $0.next(Int64.self) }
        }
        let staff = try await shop.store.user(UserID(id ?? 0), in: shop.id)
        return try #require(staff)
    }
}

extension WebServer {
    /// A browser in which somebody of that role is signed in.
    func browser(_ role: Role, _ email: String? = nil, language: String = "en") async throws -> Browser {
        let staff = try await TestStaff.add(role, email ?? "\(role.rawValue)@example.test", language: language, to: shop)
        return try await browser(staff)
    }

    func browser(_ staff: Staff) async throws -> Browser {
        let browser = Browser(self)
        browser.set("supportmeter_session", try await store.openSession(of: staff, browser: "Firefox/1 Linux", address: "192.0.2.1").value)
        _ = try await browser.get("/account")
        return browser
    }
}
