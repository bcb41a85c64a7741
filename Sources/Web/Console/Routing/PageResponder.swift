import Domain
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Store

/// Leads a browser's request to its page: session, language, origin, form and its token, permission.
enum PageResponder {
    /// Never throws but `BodyFault`: whatever goes wrong is a page that says so.
    static func reply(_ start: PageCall) async throws -> Reply {
        var call = start
        do {
            if case .asset(let handle) = call.route.access { return try handle(call) }
            if let visitor = try await Visitor.of(ConsoleCookie.session.read(call.request.headers, call.console.site), call.store) {
                call.welcome(visitor)
            }
            if case .signedIn = call.route.access, call.visitor == nil { return try signedOut(call) }
            if call.route.method != .get { try await readForm(&call) }
            return try await handle(call)
        } catch let fault as BodyFault {
            throw fault
        } catch {
            return PageErrors.reply(error, call)
        }
    }

    private static func handle(_ call: PageCall) async throws -> Reply {
        switch call.route.access {
        case .asset(let handle): return try handle(call)
        case .open(let handle): return try await handle(call)
        case .signedIn(let permission, let handle):
            guard let visitor = call.visitor else { return try signedOut(call) }
            if let permission, let refusal = visitor.caller.refusal(for: permission) { throw refusal }
            return try await handle(call, visitor)
        }
    }

    private static func readForm(_ call: inout PageCall) async throws {
        let headers = call.request.headers
        let isOwn = call.console.site.isOwn(
            origin: headers[.origin], fetchSite: headers[.fetchSite], host: call.request.head.authority)
        guard isOwn else { throw PageErrors.foreign }
        call.form = try await Form.read(call)
        let cookie = call.visitor?.cookie.value ?? call.guest
        guard FormToken.isRight(headers[.formToken] ?? call.form[FormToken.field], for: cookie) else { throw PageErrors.stale }
    }

    /// A page is asked for again after signing in. A form's page is, too; what was typed stays with the browser.
    private static func signedOut(_ call: PageCall) throws -> Reply {
        if call.wantsJSON { return .problem(PageErrors.signedOut) }
        guard call.route.method == .get else { return try SignInPages.expired(call) }
        let path = LocalPath.checked(call.target) ?? Console.home
        if path == "/" || path == Console.home { return call.redirect("/sign-in") }
        return call.redirect("/sign-in?return=" + FormText.encode(path))
    }
}

/// Writes values into addresses.
enum FormText {
    static func encode(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~"), UInt8(ascii: "/"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default: encoded += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }
}

extension HTTPField.Name {
    static let fetchSite = HTTPField.Name(known: "Sec-Fetch-Site")
    static let formToken = HTTPField.Name(known: "X-CSRF-Token")
    static let forwardedFor = HTTPField.Name(known: "X-Forwarded-For")
    static let frameOptions = HTTPField.Name(known: "X-Frame-Options")
}
