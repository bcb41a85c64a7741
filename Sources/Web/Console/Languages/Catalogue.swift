import Yams

/// The texts of one language by their key (`users.title`), from `CConsole/languages/<code>.yaml`.
struct Catalogue: Sendable {
    enum Entry: Sendable, Equatable {
        case plain(String)
        case plural([Plural: String])
    }

    let language: Language
    let entries: [String: Entry]

    /// Throws when the file is not a mapping of texts, plural forms and groups of them, or names a key twice.
    init(_ language: Language, yaml: String) throws {
        self.language = language
        guard let root = try Yams.compose(yaml: yaml) else { throw ConsoleFault(what: "languages/\(language.rawValue).yaml is empty") }
        var entries: [String: Entry] = [:]
        try Catalogue.read(root, "", language, into: &entries)
        self.entries = entries
    }

    private static func read(_ node: Node, _ path: String, _ language: Language, into entries: inout [String: Entry]) throws {
        if let scalar = node.scalar {
            entries[path] = .plain(scalar.string)
            return
        }
        guard let mapping = node.mapping else { throw ConsoleFault(what: "languages/\(language.rawValue).yaml: \(path) is neither text nor group") }
        let names = mapping.compactMap { $0.key.scalar?.string }
        let forms = names.compactMap(Plural.init(rawValue:))
        if forms.count == names.count, forms.contains(.other) {
            var texts: [Plural: String] = [:]
            for pair in mapping {
                guard let form = pair.key.scalar.flatMap({ Plural(rawValue: $0.string) }), let text = pair.value.scalar?.string else { continue }
                texts[form] = text
            }
            entries[path] = .plural(texts)
            return
        }
        for pair in mapping {
            guard let name = pair.key.scalar?.string else { continue }
            try read(pair.value, path.isEmpty ? name : path + "." + name, language, into: &entries)
        }
    }
}

/// Why the console cannot start: something that is built into the program is broken.
struct ConsoleFault: Error, CustomStringConvertible {
    let what: String
    var description: String { "the console: " + what }
}
