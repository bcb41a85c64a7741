/// How far a transaction is kept apart from others (PostgreSQL manual 13.2).
public enum Isolation: String, Sendable {
    case readCommitted = "READ COMMITTED"
    /// One snapshot for the whole transaction; what several statements of a report must agree on.
    case repeatableRead = "REPEATABLE READ"
    case serializable = "SERIALIZABLE"

    func begin(readOnly: Bool) -> String {
        "BEGIN ISOLATION LEVEL \(rawValue) \(readOnly ? "READ ONLY" : "READ WRITE")"
    }
}
