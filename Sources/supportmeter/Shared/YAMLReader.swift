import Yams

/// Walks a YAML document strictly: what is not expected is an error that names its path in the file.
struct YAMLReader {
    let file: String
    let root: Node

    /// An empty document is an empty mapping. Throws `CommandFailure` (exit 2) with the line for text that is not YAML.
    init(_ text: String, file: String) throws {
        self.file = file
        do {
            root = try Yams.compose(yaml: text) ?? Node([(Node, Node)]())
        } catch let error as YamlError {
            throw CommandFailure.usage("\(file): \(YAMLReader.sentence(error))")
        }
    }

    func failure(_ path: String, _ expected: String) -> CommandFailure {
        .usage(path.isEmpty ? "\(file): \(expected)" : "\(file): \(path): \(expected)")
    }

    /// Keys in the order of the file. The parser has refused duplicates.
    func mapping(_ node: Node, path: String) throws -> [(key: String, node: Node)] {
        guard case .mapping(let mapping) = node else { throw failure(path, "expected a mapping, found \(YAMLReader.kind(node))") }
        return try mapping.map { key, value in
            guard let name = key.scalar?.string else { throw failure(path, "expected a word as a key") }
            return (name, value)
        }
    }

    func list(_ node: Node, path: String) throws -> [Node] {
        guard case .sequence(let sequence) = node else { throw failure(path, "expected a list, found \(YAMLReader.kind(node))") }
        return Array(sequence)
    }

    func text(_ node: Node, path: String) throws -> String {
        guard let scalar = node.scalar, node.null == nil else { throw failure(path, "expected a text, found \(YAMLReader.kind(node))") }
        return scalar.string
    }

    func wholeNumber(_ node: Node, path: String, _ range: ClosedRange<Int64>) throws -> Int64 {
        let expected = "expected a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard let scalar = node.scalar else { throw failure(path, "\(expected), found \(YAMLReader.kind(node))") }
        guard let number = Int64(scalar.string), range.contains(number) else { throw failure(path, "\(expected), found \"\(scalar.string.prefix(64))\"") }
        return number
    }

    static func kind(_ node: Node) -> String {
        switch node {
        case .scalar(let scalar): node.null != nil ? "nothing" : "\"\(scalar.string.prefix(64))\""
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }

    /// One line of the parser's several.
    private static func sentence(_ error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            "not YAML at line \(mark.line), column \(mark.column): \(problem)"
        case .duplicatedKeysInMapping(let duplicates, let context):
            "the key \"\(duplicates.sorted().first ?? "")\" stands twice in a mapping, near line \(context.mark.line)"
        default: "not a YAML document in UTF-8"
        }
    }
}
