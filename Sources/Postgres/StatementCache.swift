/// Which statements a connection has prepared, the least recently used one leaving first.
struct StatementCache {
    private struct Entry {
        var name: String
        var lastUse: UInt64
    }

    private var entries: [String: Entry] = [:]
    private var uses: UInt64 = 0
    private let statementsMax: Int

    init(statementsMax: Int) {
        self.statementsMax = max(1, statementsMax)
    }

    var count: Int { entries.count }

    /// The name of the prepared statement with that text, which counts as a use.
    mutating func name(of text: String) -> String? {
        guard let index = entries.index(forKey: text) else { return nil }
        uses += 1
        entries.values[index].lastUse = uses
        return entries.values[index].name
    }

    /// A name for a statement that is about to be prepared; names are never used twice on a connection.
    mutating func freshName() -> String {
        uses += 1
        return "s\(uses)"
    }

    mutating func remember(_ text: String, as name: String) {
        entries[text] = Entry(name: name, lastUse: uses)
    }

    mutating func forget(_ text: String) {
        entries[text] = nil
    }

    mutating func forgetAll() {
        entries.removeAll()
    }

    /// Forgets the least recently used statement when there is no room for one more and returns its name. Looks at all of them, which
    /// is little beside the round trip that follows.
    mutating func makeRoom() -> String? {
        guard entries.count >= statementsMax, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return nil }
        entries[oldest.key] = nil
        return oldest.value.name
    }
}
