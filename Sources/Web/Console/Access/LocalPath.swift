/// Where to go on after signing in or changing the language: an address on this server and nothing else.
enum LocalPath {
    static let bytesMax = 2000

    /// The path with its query; nil for whatever a browser could read as another server: `//`, `/\`, a scheme, or anything it strips.
    static func checked(_ text: String?) -> String? {
        guard let text, text.utf8.count <= bytesMax, text.utf8.first == UInt8(ascii: "/") else { return nil }
        let second = text.utf8.dropFirst().first
        guard second != UInt8(ascii: "/"), second != UInt8(ascii: "\\") else { return nil }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }) else { return nil }
        return text
    }
}
