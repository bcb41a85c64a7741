/// The decoded parameters of a query, in the order given; of a name given twice the last counts, as in PHP.
struct QueryParameters: Sendable, Equatable {
    private(set) var pairs: [(name: String, value: String)] = []

    init(_ query: some StringProtocol) {
        for part in query.split(separator: "&") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            set(PercentCoding.decode(sides[0]), PercentCoding.decode(sides.count > 1 ? sides[1] : ""))
        }
    }

    subscript(_ name: String) -> String? { pairs.last { $0.name == name }?.value }

    /// `status`, `status[]` and `status[0]` alike, and each split at commas.
    func list(_ name: String) -> [String]? {
        let values = pairs.filter { $0.name == name || $0.name.hasPrefix(name + "[") }.map(\.value)
        guard !values.isEmpty else { return nil }
        return values.flatMap { $0.split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init) }
    }

    mutating func set(_ name: String, _ value: String) {
        if let place = pairs.firstIndex(where: { $0.name == name }), !name.hasSuffix("[]") {
            pairs[place].value = value
        } else {
            pairs.append((name, value))
        }
    }

    mutating func remove(_ name: String) {
        pairs.removeAll { $0.name == name || $0.name.hasPrefix(name + "[") }
    }

    /// `per_page=100&status%5B0%5D=any`.
    var encoded: String {
        pairs.map { PercentCoding.encode($0.name) + "=" + PercentCoding.encode($0.value) }.joined(separator: "&")
    }

    static func == (left: QueryParameters, right: QueryParameters) -> Bool { left.encoded == right.encoded }
}
