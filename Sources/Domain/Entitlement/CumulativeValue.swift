/// The value of credits taken from a grant bit by bit, so that the bits sum to the grant's value and none is lost to rounding (P7).
public enum CumulativeValue {
    /// The value of the next `quantity` credits, in minor units, when `taken` of `credits` were taken with `valueTaken`:
    /// max(0, round half away from zero (value x (taken + quantity) / credits) - valueTaken). The rest, when they are the last.
    /// 0 for a grant of no credits.
    public static func next(value: Int64, credits: Int64, taken: Int64, valueTaken: Int64, quantity: Int64) -> Int64 {
        guard credits > 0 else { return 0 }
        return max(0, rounded(value, Int128(taken) + Int128(quantity), over: Int128(credits)) - valueTaken)
    }

    /// value x part / whole, rounded half away from zero, in 128 bits; 0 when `whole` is not positive.
    /// The callers' `part` is at most `whole`, so the answer is at most `value`.
    static func rounded(_ value: Int64, _ part: Int128, over whole: Int128) -> Int64 {
        guard whole > 0 else { return 0 }
        let (quotient, rest) = (Int128(value) * part).quotientAndRemainder(dividingBy: whole)
        let carry: Int128 = rest.magnitude >= UInt128(whole) - rest.magnitude ? (value < 0) != (part < 0) ? -1 : 1 : 0
        return Int64(clamping: quotient + (rest == 0 ? 0 : carry))
    }

    static func rounded(_ value: Int64, _ part: Int64, over whole: Int64) -> Int64 { rounded(value, Int128(part), over: Int128(whole)) }
}
