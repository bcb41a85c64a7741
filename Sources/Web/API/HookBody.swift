import Domain
import Store

/// `{url, topics, allow_private?}`
struct HookBody: Sendable {
    let url: String
    let topics: [String]
    let allowsPrivate: Bool

    static let names = ["url", "topics", "allow_private"]
    private static let topicNames = HookTopic.allCases.map(\.rawValue)

    static let body = Operation.Body(
        schema: .object([
            .required("url", .text(8...HookCheck.urlBytesMax, pattern: HookCheck.urlPattern)),
            .required("topics", .list(.choice(topicNames), 1...topicNames.count)), .optional("allow_private", .nullable(.boolean)),
        ]), example: #"{"url":"https://crm.example/hooks/support","topics":["credits.low","credits.empty"]}"#)

    /// What adding answers.
    static let added = Schema.object([.required("hook", .reference("Hook")), .required("secret", .text())])

    init(_ fields: Fields) throws {
        url = try fields.text("url", charactersMax: HookCheck.urlBytesMax)
        topics = try fields.list("topics", elements: 1...HookBody.topicNames.count).map { value in
            guard case .string(let topic) = value, HookBody.topicNames.contains(topic) else {
                throw Fields.wrong("topics", "one or more of " + HookBody.topicNames.joined(separator: ", "), value)
            }
            return topic
        }
        allowsPrivate = try fields.optionalFlag("allow_private") ?? false
    }
}
