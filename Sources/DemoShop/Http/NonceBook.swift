/// The nonces seen within the time in which a timestamp is good.
struct NonceBook: Sendable {
    /// Either way, in seconds.
    static let windowSeconds = 15 * 60
    /// The oldest are forgotten beyond this many.
    static let noncesMax = 100_000

    private var timestamps: [String: Int] = [:]

    /// False when the nonce was used before.
    mutating func take(_ nonce: String, timestamp: Int, now: Int) -> Bool {
        guard timestamps[nonce] == nil else { return false }
        if timestamps.count >= NonceBook.noncesMax {
            timestamps = timestamps.filter { $0.value > now - NonceBook.windowSeconds }
        }
        if timestamps.count >= NonceBook.noncesMax { timestamps.removeAll() }
        timestamps[nonce] = timestamp
        return true
    }
}
