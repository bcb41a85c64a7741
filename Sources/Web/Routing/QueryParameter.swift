/// One query parameter that a route takes, as the document describes it.
struct QueryParameter: Sendable {
    let name: String
    let schema: Schema
    let note: String

    static let limit = QueryParameter(
        name: "limit", schema: .integer(1...Int64(Page.limitMax)), note: "How many at most; \(Page.limitDefault) unless given.")
    static let after = QueryParameter(
        name: "after", schema: .text(1...200, pattern: "^[A-Za-z0-9_-]+$"), note: "The `next` of the page before.")
}
