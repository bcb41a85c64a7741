import FoundationEssentials

/// A time in which a shop could not be read.
public struct FeedOutage: Sendable, Hashable {
    /// The end of the first pass that failed.
    public let beganAt: Date
    /// The end of the first that went well; nil while none has.
    public let endedAt: Date?
    /// The stable slug of the first failure.
    public let errorKind: String
    /// Orders that were new or another, up to the end of the first whole pass after it.
    public let recovered: Int
    /// That pass was made: the figure is final.
    public let isCounted: Bool
}
