import Crypto
import HTTPTypes
import Store

/// Styles, scripts and pictures, under addresses that change with their content and may therefore be kept for ever.
struct StaticFiles: Sendable {
    private struct File: Sendable {
        let content: Reply.Content
        let bytes: [UInt8]
    }

    /// `console.css` to `/static/console-1a2b3c4d5e6f.css`.
    let addresses: [String: String]
    private let files: [String: File]

    private static let digitsOfHash = 12
    private static let contents: [String: Reply.Content] = ["css": .css, "js": .script, "svg": .svg]

    /// Throws for a file whose kind has no content type here.
    init(_ folder: [String: [UInt8]] = ConsoleFiles.folder("static")) throws {
        var addresses: [String: String] = [:]
        var files: [String: File] = [:]
        for (name, bytes) in folder {
            let parts = name.split(separator: ".")
            guard parts.count == 2, let content = StaticFiles.contents[String(parts[1])] else {
                throw ConsoleFault(what: "static/\(name) is of no kind that is served")
            }
            let hash = SHA256.hash(data: bytes).prefix(StaticFiles.digitsOfHash / 2).map { byte in
                (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }.joined()
            let served = "\(parts[0])-\(hash).\(parts[1])"
            addresses[name] = "/static/" + served
            files[served] = File(content: content, bytes: bytes)
        }
        self.addresses = addresses
        self.files = files
    }

    /// Nil when there is no such file.
    func reply(_ name: Substring) -> Reply? {
        guard let file = files[String(name)] else { return nil }
        return Reply(status: 200, content: file.content, body: .bytes(file.bytes), policy: .asset)
    }
}
