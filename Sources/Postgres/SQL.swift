/// A statement and the values bound to it.
///
/// Interpolating a value never puts it into the text: it appends `$n` and binds the value as text of unspecified type, so a
/// statement carries its own casts where PostgreSQL cannot infer one (`\(ids)::bigint[]`).
///
///     let sql: SQL = "SELECT number FROM ticket WHERE id = \(id) AND status = ANY(\(statuses)::text[])"
///
/// `\(raw: text)` splices text and is the rare, greppable exception; `\(sql: other)` nests a statement and renumbers its parameters.
public struct SQL: Sendable {
    /// The texts around the parameters: always one more than there are parameters.
    private(set) var literals: [String]

    /// The bound values as PostgreSQL reads them; nil is NULL.
    private(set) var parameters: [String?]

    /// A statement without parameters, from text that is not a literal of the source. As rare as `raw:`.
    public init(raw text: String) {
        literals = [text]
        parameters = []
    }

    /// The statement with its placeholders `$1`, `$2`, ...; never contains a bound value.
    public var text: String {
        guard literals.count > 1 else { return literals[0] }
        var text = literals[0]
        for index in 1..<literals.count {
            text += "$"
            text += String(index)
            text += literals[index]
        }
        return text
    }

    fileprivate mutating func append(raw text: String) {
        literals[literals.count - 1] += text
    }

    fileprivate mutating func append(parameter: String?) {
        parameters.append(parameter)
        literals.append("")
    }

    fileprivate mutating func append(_ other: SQL) {
        append(raw: other.literals[0])
        for (index, parameter) in other.parameters.enumerated() {
            append(parameter: parameter)
            append(raw: other.literals[index + 1])
        }
    }

    /// Both statements one after the other; the parameters of the second are renumbered.
    public static func + (first: SQL, second: SQL) -> SQL {
        var sum = first
        sum.append(second)
        return sum
    }

    public static func += (first: inout SQL, second: SQL) {
        first.append(second)
    }
}

extension SQL: ExpressibleByStringInterpolation {
    public init(stringLiteral value: String) {
        self.init(raw: value)
    }

    public init(stringInterpolation: StringInterpolation) {
        self = stringInterpolation.sql
    }

    /// Gathers the pieces of a literal; only `raw:`, `sql:` and literal text of the source reach the statement's text.
    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var sql = SQL(raw: "")

        public init(literalCapacity: Int, interpolationCount: Int) {}

        public mutating func appendLiteral(_ literal: String) {
            sql.append(raw: literal)
        }

        /// Binds a value.
        public mutating func appendInterpolation(_ value: some PostgresValue) {
            sql.append(parameter: value.postgresText)
        }

        /// Binds a value that may be missing; nil is NULL.
        public mutating func appendInterpolation<Value: PostgresValue>(_ value: Value?) {
            sql.append(parameter: value?.postgresText)
        }

        /// Splices text as it is. Never give it anything that a person typed.
        public mutating func appendInterpolation(raw text: String) {
            sql.append(raw: text)
        }

        /// Nests a statement together with its parameters.
        public mutating func appendInterpolation(sql other: SQL) {
            sql.append(other)
        }
    }
}

extension Sequence where Element == SQL {
    /// The statements with `separator` between them, for conditions and lists that grow: `conditions.joined(separator: " AND ")`.
    public func joined(separator: SQL) -> SQL {
        var joined = SQL(raw: "")
        for (index, element) in enumerated() {
            if index > 0 { joined += separator }
            joined += element
        }
        return joined
    }
}
