/// How far a transaction is kept apart from others (PostgreSQL manual 13.2).
public enum Isolation: String, Sendable {
    case readCommitted = "READ COMMITTED"
    /// One snapshot for the whole transaction; what several statements of a report must agree on.
    case repeatableRead = "REPEATABLE READ"
    case serializable = "SERIALIZABLE"

    /// With an exported snapshot the transaction only reads, and reads that (manual, SET TRANSACTION).
    func begin(readOnly: Bool, snapshot: String? = nil) -> String {
        guard let snapshot else { return "BEGIN ISOLATION LEVEL \(rawValue) \(readOnly ? "READ ONLY" : "READ WRITE")" }
        return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET TRANSACTION SNAPSHOT \(SQL.quoteLiteral(snapshot))"
    }
}
