/// One name and value of a JSON object.
public struct JSONMember: Sendable, Equatable {
    public let name: String
    public var value: JSONValue
}
