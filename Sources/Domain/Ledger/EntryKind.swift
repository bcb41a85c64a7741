/// What one row of the ledger did, and so what each of its credits does to the counter.
///
/// A positive adjustment and a transfer in are grants; a negative adjustment and a transfer out take unused credits, so `revoked` rises.
public enum EntryKind: String, Hashable, Codable, Sendable, CaseIterable {
    case grant
    case usage
    case hold
    case capture
    case release
    case lapse
    case reversal
    case expiry
    case revocation
    case restoration
    case adjustmentIn = "adjustment-in"
    case adjustmentOut = "adjustment-out"
    case transferOut = "transfer-out"
    case transferIn = "transfer-in"
    case overdraft

    /// What one credit of this kind adds to the counter.
    public var effect: CounterEffect {
        switch self {
        case .grant, .adjustmentIn, .transferIn, .overdraft: CounterEffect(granted: 1)
        case .usage: CounterEffect(used: 1)
        case .hold: CounterEffect(held: 1)
        case .capture: CounterEffect(used: 1, held: -1)
        case .release, .lapse: CounterEffect(held: -1)
        case .reversal: CounterEffect(used: -1)
        case .expiry: CounterEffect(expired: 1)
        case .revocation, .adjustmentOut, .transferOut: CounterEffect(revoked: 1)
        case .restoration: CounterEffect(revoked: -1)
        }
    }
}
