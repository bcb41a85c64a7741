/// One row of an answer, read from left to right with `next` or by name with `value`.
///
/// What is read is copied; a row that is kept keeps the whole answer in memory.
public struct Row {
    private let result: QueryResult
    private let index: Int32
    private var column: Int32 = 0

    init(_ result: QueryResult, index: Int32) {
        self.result = result
        self.index = index
    }

    /// The next column; throws `.decoding` that names the column when it is NULL and `T` is not optional, or is no `T`.
    public mutating func next<T: PostgresValue>(_ type: T.Type = T.self) throws -> T {
        let current = column
        guard current < result.columnCount else {
            throw PostgresError(.decoding, "column \(current + 1) was asked for and the answer has \(result.columnCount)")
        }
        column += 1
        return try result.value(row: index, column: current)
    }

    /// The column of that name; throws `.decoding` as `next` does, and when there is no such column.
    public func value<T: PostgresValue>(_ name: String, as type: T.Type = T.self) throws -> T {
        guard let column = result.column(named: name) else {
            throw PostgresError(.decoding, "the answer has no column \"\(name)\"")
        }
        return try result.value(row: index, column: column)
    }

    /// Leaves out columns that the caller does not need.
    public mutating func skip(_ count: Int = 1) {
        column += Int32(clamping: count)
    }

    /// The names of the columns, in order.
    public var columnNames: [String] {
        (0..<result.columnCount).map { result.name(ofColumn: $0) }
    }
}
