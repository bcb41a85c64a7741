import Domain
import FoundationEssentials
import Store

/// `{channel, quantity | text | seconds, agent?, reference?, occurred_at?}`
enum UsageBody {
    /// Characters of a text that segments are computed from.
    static let textCharactersMax = 10_000
    /// A call lasts a day at most.
    static let secondsMax: Int64 = 86_400

    static let names = ["channel", "quantity", "text", "seconds", "agent", "reference", "occurred_at"]

    static let properties: [Property] = [
        .required("channel", .channel), .optional("quantity", .nullable(.integer(1...CreditCount.valueMax))),
        .optional("text", .nullable(.words(textCharactersMax))), .optional("seconds", .nullable(.integer(0...secondsMax))),
        .optional("agent", .nullable(.words(Usage.textMax))), .optional("reference", .nullable(.words(Usage.textMax))),
        .optional("occurred_at", .nullable(.time)),
    ]

    static let example = #"{"channel":"email","quantity":1,"reference":"mail-77801","occurred_at":"2026-03-01T09:30:00Z"}"#

    static func read(_ fields: Fields, ticket: TicketID) throws -> Usage {
        Usage(
            ticket: ticket, channel: try fields.text("channel", charactersMax: Channel.nameLengthMax),
            quantity: try fields.optionalWhole("quantity", bounds: 1...CreditCount.valueMax),
            text: try fields.optionalText("text", charactersMax: textCharactersMax),
            seconds: try fields.optionalWhole("seconds", within: 0...secondsMax).map(Int.init),
            agent: try fields.optionalText("agent", charactersMax: Usage.textMax),
            reference: try fields.optionalText("reference", charactersMax: Usage.textMax),
            occurredAt: try fields.optionalTime("occurred_at"))
    }
}
