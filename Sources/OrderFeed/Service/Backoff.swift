import FoundationEssentials

/// When the next pass is due.
struct Backoff: Sendable {
    let configuration: FeedConfiguration

    /// After a good pass: the shop's own pace.
    func next(after now: Date, pollSeconds: Int) -> Date { now.addingTimeInterval(Double(pollSeconds)) }

    /// After so many failed passes in a row (1 is the first): doubled, capped, jittered by up to a half, and never before the moment
    /// that the shop itself named.
    func next(after now: Date, failures: Int, retryAfterSeconds: Double?) -> Date {
        let doubled = configuration.backoffSecondsMin * Double(1 << min(max(failures - 1, 0), 30))
        let capped = min(doubled, configuration.backoffSecondsMax)
        let jittered = capped * (0.5 + 0.5 * configuration.random())
        return now.addingTimeInterval(max(jittered, retryAfterSeconds ?? 0))
    }
}
