import Domain
import FoundationEssentials

/// How a shop's feed is doing, as people and other programs are told.
public struct FeedStatus: Sendable {
    /// An order that a person should look at.
    public struct FlaggedOrder: Sendable, Hashable {
        public let order: OrderID
        public let number: String
        public let status: String
        public let flags: [String]
    }

    public let kind: FeedKind
    /// Nil before anybody ever looked at the shop.
    public let state: FeedState?
    /// Seconds from the last good look to now: how old what is shown may be. Nil before the first whole pass.
    public let lagSeconds: Double?
    public let openRejects: Int
    public let waitingHints: Int
    public let waitingDeliveries: Int
    /// Orders that are stored, and of those the ones that may pay yet.
    public let orders: Int
    public let notUsableYet: Int
    /// By flag, over all orders.
    public let flagCounts: [String: Int]
    /// The first of them by id, `Store.flaggedMax` at most.
    public let flagged: [FlaggedOrder]

    /// The answer of `GET /shops/{slug}/feed`.
    public var json: String {
        var json = JSONWriter()
        json.object { json in
            json.field("kind", kind.rawValue)
            json.field("last_pass") { writePass(&$0) }
            json.field("next_pass_at", state?.nextPassAt.map(Timestamp.text))
            json.field("imported_at", state?.importedAt.map(Timestamp.text))
            json.field("away_since", state?.awaySince.map(Timestamp.text))
            json.field("retry_after", state?.retryAfter.map(Timestamp.text))
            json.field("failures", state?.failures ?? 0)
            json.field("lag_seconds", lagSeconds.map { Int64($0.rounded()) })
            json.field("totals", json: (state?.totals ?? IntakeFigures()).json)
            json.field("sweep") { json in
                json.object { json in
                    json.field("started_at", state?.sweepStartedAt.map(Timestamp.text))
                    json.field("ended_at", state?.sweepEndedAt.map(Timestamp.text))
                    json.field("running", state?.sweepAfter != nil)
                }
            }
            json.field("rejects", openRejects)
            json.field("waiting", waitingHints + waitingDeliveries)
            json.field("orders", orders)
            json.field("not_usable_yet", notUsableYet)
            json.field("flags") { json in
                json.object { json in for (flag, count) in flagCounts.sorted(by: { $0.key < $1.key }) { json.field(flag, count) } }
            }
            json.field("flagged") { $0.array(flagged) { FeedStatus.write($1, &$0) } }
        }
        return json.text
    }

    private func writePass(_ json: inout JSONWriter) {
        guard let state, state.passStartedAt != nil else { return json.null() }
        json.object { json in
            json.field("started_at", state.passStartedAt.map(Timestamp.text))
            json.field("ended_at", state.passEndedAt.map(Timestamp.text))
            json.field("figures", json: state.figures.json)
            json.field("error", state.passError)
            json.field("error_kind", state.passErrorKind)
        }
    }

    private static func write(_ order: FlaggedOrder, _ json: inout JSONWriter) {
        json.object { json in
            json.field("id", order.order.rawValue)
            json.field("number", order.number)
            json.field("status", order.status)
            json.field("flags") { $0.array(order.flags) { $0.string($1) } }
        }
    }
}
