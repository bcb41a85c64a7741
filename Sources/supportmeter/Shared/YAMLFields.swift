import Yams

/// One mapping of a YAML document whose keys are known.
struct YAMLFields {
    typealias Node = Yams.Node

    let reader: YAMLReader
    let path: String
    private let nodes: [String: Node]

    /// Throws `CommandFailure` (exit 2) that names the first unknown key by its path.
    init(_ reader: YAMLReader, _ node: Node, path: String, known: [String]) throws {
        self.reader = reader
        self.path = path
        var nodes: [String: Node] = [:]
        for (key, node) in try reader.mapping(node, path: path) {
            guard known.contains(key) else {
                throw reader.failure(path.isEmpty ? key : "\(path).\(key)", "unknown key; known here: \(known.joined(separator: ", "))")
            }
            nodes[key] = node
        }
        self.nodes = nodes
    }

    func needed<T>(_ key: String, _ read: (Node, _ path: String) throws -> T) throws -> T {
        guard let value = try optional(key, read) else { throw reader.failure(place(key), "is missing") }
        return value
    }

    /// Nil for a key that is absent or has no value.
    func optional<T>(_ key: String, _ read: (Node, _ path: String) throws -> T) throws -> T? {
        guard let node = nodes[key], node.null == nil else { return nil }
        return try read(node, place(key))
    }

    private func place(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}
