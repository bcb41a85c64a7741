import HTTPTypes

/// The console's cookies: what they are called, and how they are written and read.
enum ConsoleCookie: String, Sendable {
    /// Who is signed in.
    case session
    /// A visitor who is not: only for the CSRF token.
    case guest
    /// Between which shops somebody may choose.
    case choice
    /// What to tell on the next page.
    case flash
    /// What to speak before signing in.
    case language

    /// A cookie with `__Host-` is taken by browsers from this very host over TLS only (RFC 6265bis, 4.1.3.2).
    func name(_ site: Site) -> String { (site.isSecure ? "__Host-" : "") + "supportmeter_" + rawValue }

    private static let valueBytesMax = 2000

    /// Browsers forget it when they are closed, unless it lives for so long.
    private var secondsMax: Int? {
        switch self {
        case .session: 14 * 86_400
        case .guest: nil
        case .choice: 300
        case .flash: 60
        case .language: 365 * 86_400
        }
    }

    /// A `Set-Cookie`; nil takes the cookie away.
    func header(_ value: String?, _ site: Site) -> (name: HTTPField.Name, value: String) {
        var text = "\(name(site))=\(value ?? ""); Path=/; HttpOnly; SameSite=Lax"
        if site.isSecure { text += "; Secure" }
        if value == nil { text += "; Max-Age=0" } else if let secondsMax { text += "; Max-Age=\(secondsMax)" }
        return (.setCookie, text)
    }

    /// Nil when the request has none, or one that is longer than any of ours.
    func read(_ headers: HTTPFields, _ site: Site) -> String? {
        let wanted = name(site)
        for header in headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let parts = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                if parts.count == 2, parts[0] == wanted, (1...ConsoleCookie.valueBytesMax).contains(parts[1].utf8.count) { return String(parts[1]) }
            }
        }
        return nil
    }
}
