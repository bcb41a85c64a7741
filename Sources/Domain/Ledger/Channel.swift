/// A way of reaching the customer that is counted: `email`, `sms` and `video` from the start, any other as data.
/// The name is `^[a-z][a-z0-9_-]{0,31}$`. Ordered by name; a dictionary keyed by channels is a JSON object.
public struct Channel: RawRepresentable, Hashable, Comparable, Codable, CodingKeyRepresentable, Sendable, CustomStringConvertible {
    public static let nameLengthMax = 32

    public static let email = Channel(known: "email")
    public static let sms = Channel(known: "sms")
    public static let video = Channel(known: "video")

    public let rawValue: String

    /// Nil when the name is not a channel name.
    public init?(rawValue: String) {
        let bytes = rawValue.utf8
        guard let first = bytes.first, bytes.count <= Channel.nameLengthMax, Channel.isLetter(first),
            bytes.allSatisfy({ Channel.isLetter($0) || Channel.isDigitOrMark($0) })
        else { return nil }
        self.rawValue = rawValue
    }

    private init(known: String) { rawValue = known }

    public static func < (left: Channel, right: Channel) -> Bool { left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8) }
    public var description: String { rawValue }

    private static func isLetter(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }

    private static func isDigitOrMark(_ byte: UInt8) -> Bool {
        (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }
}
