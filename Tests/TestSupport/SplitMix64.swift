/// Seeded, so that what failed can be run again: a seed gives the same draws everywhere (SplitMix64; Steele, Lea and Flood 2014).
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// True once in so many times.
    public mutating func oneIn(_ times: Int) -> Bool { Int.random(in: 0..<times, using: &self) == 0 }

    public mutating func pick<Choices: Collection>(_ choices: Choices) -> Choices.Element? { choices.randomElement(using: &self) }

    public mutating func upTo(_ most: Int64) -> Int64 { Int64.random(in: 1...max(most, 1), using: &self) }
}
