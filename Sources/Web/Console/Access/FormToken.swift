import Crypto
import FoundationEssentials

/// The proof in every form that our own page made it: only whoever can read the browser's cookie can make it.
enum FormToken {
    /// The name of the field, and of the header that scripts send.
    static let field = "csrf"

    static func make(_ cookie: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data("supportmeter form".utf8), using: SymmetricKey(data: Data(cookie.utf8)))
        return Data(code).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Takes the same time wherever they differ.
    static func isRight(_ given: String?, for cookie: String) -> Bool {
        guard let given else { return false }
        let (left, right) = (Array(given.utf8), Array(make(cookie).utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
