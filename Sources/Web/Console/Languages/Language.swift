/// A language that the console speaks.
enum Language: String, Sendable, CaseIterable {
    case en, sl, et, pl, ru

    /// What its speakers call it.
    var ownName: String {
        switch self {
        case .en: "English"
        case .sl: "Slovenščina"
        case .et: "Eesti"
        case .pl: "Polski"
        case .ru: "Русский"
        }
    }

    /// The best of ours for an `Accept-Language` header (RFC 9110, 12.5.4); nil when it names none.
    static func preferred(_ header: String?) -> Language? {
        guard let header, header.utf8.count <= headerBytesMax else { return nil }
        var best: (language: Language, quality: Double)?
        for part in header.split(separator: ",") {
            let pieces = part.split(separator: ";").map { $0.filter { !$0.isWhitespace } }
            guard let tag = pieces.first, let language = Language(rawValue: String(tag.prefix { $0 != "-" }).lowercased()) else { continue }
            let quality = pieces.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            if quality > best?.quality ?? 0 { best = (language, quality) }
        }
        return best?.language
    }

    private static let headerBytesMax = 1000
}
