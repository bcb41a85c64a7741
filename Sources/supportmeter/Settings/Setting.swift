/// One setting as the table knows it: help, the `settings` command and the checks all read this.
struct Setting: Sendable {
    /// As in flags and files: `pool-connections`. In the environment it is `SUPPORTMETER_POOL_CONNECTIONS`.
    let name: String
    let kind: SettingKind
    var unit: String?
    /// For people; nil when there is none.
    var defaultText: String?
    /// Never shown, and never taken as an argument: its flag names a file.
    var isSecret = false
    let summary: String

    var environmentName: String {
        "SUPPORTMETER_" + String(name.map { $0 == "-" ? "_" : $0 }).uppercased()
    }

    /// One paragraph for `--help`.
    var help: String {
        var parts = ["Expects " + kind.expected + (unit.map { " (\($0))" } ?? "")]
        if let defaultText { parts.append("default: \(defaultText)") }
        return "\(summary) \(parts.joined(separator: "; "))."
    }
}

/// What a setting's text may be.
enum SettingKind: Sendable {
    case databaseURL
    case path
    /// `host:port`.
    case address
    case webAddress
    case choice([String])
    case wholeNumber(ClosedRange<Int>)

    var typeName: String {
        switch self {
        case .databaseURL: "database URL"
        case .path: "path"
        case .address: "host:port"
        case .webAddress: "web address"
        case .choice: "word"
        case .wholeNumber: "whole number"
        }
    }

    /// What would be right, in words.
    var expected: String {
        switch self {
        case .databaseURL: "a URL such as postgresql://user@host:5432/name"
        case .path: "a path"
        case .address: "a host and a port such as 127.0.0.1:8080"
        case .webAddress: "an http:// or https:// address without a path"
        case .choice(let words): "one of \(words.joined(separator: ", "))"
        case .wholeNumber(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        }
    }

    func accepts(_ text: String) -> Bool {
        switch self {
        case .databaseURL: text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") || text.contains("=")
        case .path: !text.utf8.contains(0)
        case .address: ListenAddress(text) != nil
        case .webAddress: SettingKind.isWebAddress(text)
        case .choice(let words): words.contains(text)
        case .wholeNumber(let range): Int(text).map(range.contains) ?? false
        }
    }

    private static func isWebAddress(_ text: String) -> Bool {
        for scheme in ["http://", "https://"] where text.hasPrefix(scheme) {
            let rest = text.dropFirst(scheme.count)
            return !rest.isEmpty && !rest.contains { $0 == "/" || $0 == "?" || $0 == "#" || $0 == "@" || $0.isWhitespace }
        }
        return false
    }
}

/// Where to listen: a host (a name, an IPv4 address, or an IPv6 address in brackets) and a port, of which 0 picks one.
struct ListenAddress: Sendable, Equatable {
    let host: String
    let port: Int

    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]), (0...65_535).contains(port) else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() } else if host.contains(":") { return nil }
        guard !host.isEmpty, !host.contains(where: { $0.isWhitespace || $0 == "/" }) else { return nil }
        self.host = String(host)
        self.port = port
    }
}
