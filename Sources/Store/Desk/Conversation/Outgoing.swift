import Domain

/// A message that an agent wants sent.
public struct Outgoing: Sendable, Hashable {
    /// Characters at most.
    public static let textMax = 20_000
    public static let subjectMax = 200
    /// An SMS at most, in segments.
    public static let segmentsMax = 10

    public var ticket: TicketID
    public var channel: Channel
    /// Of e-mails; nil: the ticket's own.
    public var subject: String?
    public var text: String
    /// One of the customer's addresses; nil: the one that they are known by.
    public var to: String?
    /// The version of the ticket that the agent saw.
    public var seenVersion: Int64
    /// What the ticket is to be afterwards; nil: an open one waits.
    public var statusAfter: TicketStatus?

    public init(
        ticket: TicketID, channel: Channel, subject: String? = nil, text: String, to: String? = nil, seenVersion: Int64, statusAfter: TicketStatus? = nil
    ) {
        self.ticket = ticket
        self.channel = channel
        self.subject = subject
        self.text = text
        self.to = to
        self.seenVersion = seenVersion
        self.statusAfter = statusAfter
    }

    /// What is wrong with its form; nil when nothing is.
    var refusal: Refusal? {
        if text.allSatisfy(\.isWhitespace) { return .missingField(field: "text", expected: "what is to be sent") }
        if let refusal = Texts.refusal(text, field: "text", max: Outgoing.textMax) ?? Texts.refusal(subject, field: "subject", max: Outgoing.subjectMax) {
            return refusal
        }
        if subject?.contains(where: \.isNewline) == true { return .invalidField(field: "subject", expected: "one line") }
        if channel == .sms, SMSLength(text).segments > Outgoing.segmentsMax {
            return .invalidField(field: "text", expected: "at most \(Outgoing.segmentsMax) segments of an SMS")
        }
        return nil
    }

    var fingerprint: [UInt8] {
        Fingerprint("send") { print in
            print.add(ticket.rawValue)
            print.add(channel.rawValue)
            print.add(subject)
            print.add(text)
            print.add(to)
            print.add(statusAfter?.rawValue)
        }.bytes
    }
}
