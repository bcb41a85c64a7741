/// How long a text is as an SMS: what a preview shows, and what is booked per segment.
public struct SMSLength: Hashable, Codable, Sendable {
    /// How the text is written on the air.
    public enum Encoding: String, Hashable, Codable, Sendable {
        case gsm7 = "gsm-7"
        case utf16 = "utf-16"

        /// Septets or 16-bit units of a message that is one segment.
        public var aloneMax: Int { self == .gsm7 ? 160 : 70 }
        /// The same for each segment of a longer message; the header that joins them takes the rest.
        public var joinedMax: Int { self == .gsm7 ? 153 : 67 }
    }

    public let encoding: Encoding
    /// Septets (GSM-7; an extension character is two) or 16-bit units (UTF-16; an emoji is two or more).
    public let unitsUsed: Int
    /// At least 1: an empty message is a message.
    public let segments: Int
    /// Units still free in the last segment.
    public let unitsLeft: Int

    /// Counts the text as it stands, without normalising it. A character of two units is never split over segments.
    public init(_ text: String) {
        let septets = text.unicodeScalars.map(GSM7.septets)
        encoding = septets.contains(nil) ? .utf16 : .gsm7
        let sizes = encoding == .gsm7 ? septets.compactMap { $0 } : text.unicodeScalars.map { $0.value > 0xFFFF ? 2 : 1 }
        unitsUsed = sizes.reduce(0, +)
        guard unitsUsed > encoding.aloneMax else {
            segments = 1
            unitsLeft = encoding.aloneMax - unitsUsed
            return
        }
        var full = 0
        var last = 0
        for size in sizes {
            if last + size > encoding.joinedMax {
                full += 1
                last = 0
            }
            last += size
        }
        segments = full + 1
        unitsLeft = encoding.joinedMax - last
    }
}
