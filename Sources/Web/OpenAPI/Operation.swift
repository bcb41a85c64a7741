/// What a route does, for the people who read the document.
struct Operation: Sendable {
    struct Body: Sendable {
        let schema: Schema
        let example: String
        var isRequired = true
    }

    enum Success: Sendable {
        case json(Int, Schema)
        /// Bytes of one of these types.
        case raw(Int, [String])
        case nothing(Int)

        var status: Int {
            switch self {
            case .json(let status, _), .raw(let status, _), .nothing(let status): status
            }
        }
    }

    /// Unique; for those who generate clients.
    let id: String
    let tag: String
    let summary: String
    var body: Body?
    /// Takes an `Idempotency-Key` (P5).
    var isKeyed = false
    let success: Success
    /// What else may be refused, beyond what follows from the route's shape: statuses of problems.
    var refusals: Set<Int> = []
}
