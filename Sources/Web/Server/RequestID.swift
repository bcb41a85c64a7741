import Hummingbird
import Synchronization

/// The name of one request in logs and answers: the caller's own `X-Request-ID` where it is a plain word, else one made here.
enum RequestID {
    static let lengthMax = 64

    static func of(_ given: String?) -> String {
        if let given, (1...lengthMax).contains(given.utf8.count), given.utf8.allSatisfy(isPlain) { return given }
        let number = next.wrappingAdd(1, ordering: .relaxed).newValue
        return start + String(number, radix: 16)
    }

    /// A random beginning for each process, so that ids of two daemons differ.
    private static let start = String(UInt32.random(in: .min ... .max), radix: 16) + "-"
    private static let next = Atomic<UInt64>(0)

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
