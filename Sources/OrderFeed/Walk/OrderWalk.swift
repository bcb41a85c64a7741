import Domain
import FoundationEssentials
import Store

/// Walks the order list by modification time (`woocommerce.md`, "Walking the orders").
///
/// Page numbers are never trusted while orders move: after each page the time advances to the last one seen and the list is read from
/// there again, always its first page. An order edited meanwhile moves to the end and is met there.
struct OrderWalk: Sendable {
    /// Seconds that every walk steps back: `modified_after` is exclusive at whole seconds, and a shop may commit an order late.
    static let overlapSeconds = 300.0
    /// Version 7.9 sorts by the shop's local time, so that in the autumn hour GMT runs backwards within a page, by this much at most.
    static let clockChangeSecondsMax = 3600.0

    /// Takes a page in; the date, where there is one, is up to where all is known now.
    typealias Keep = @Sendable (_ orders: [ReadOrder], _ knownUpTo: Date?) async throws -> Void

    let client: WooCommerceClient
    /// Nil is the default list.
    let status: String?
    /// Orders created before it are not asked for.
    let since: Date?
    /// The shop's zone.
    let zone: TimeZone?
    let keep: Keep

    /// From the cursor, or from the start, until nothing follows.
    func run(cursor: Date?) async throws {
        var after = cursor.map { $0.wholeSecond.addingTimeInterval(-OrderWalk.overlapSeconds) }
        while true {
            try Task.checkCancellation()
            let page = try await client.orders(parameters(after: after) + [("orderby", "modified"), ("order", "asc")])
            let last = try check(page, after: after)
            guard page.hasMore else { return try await keep(page.orders, last) }
            guard let last else {
                throw FeedFailure(.wrongShape, "\(page.shop) sent \(page.orders.count) documents of which none has a modification time.")
            }
            let settled = last.addingTimeInterval(-1)
            if after.map({ settled <= $0 }) ?? false || isDisordered(page) || zone?.changesClock(around: last) == true {
                try await keep(page.orders, nil)
                try await WindowWalk(walk: self, after: after, last: last).run()
                try await keep([], last)
                after = last
            } else {
                try await keep(page.orders, settled)
                after = settled
            }
        }
    }

    /// Bare GMT times with `dates_are_gmt`: with a zone both versions hide the last hours of the shop (`woocommerce.md`).
    func parameters(after: Date?, before: Date? = nil) -> [(name: String, value: String)] {
        var parameters = [("per_page", String(WooCommerceClient.pageMax)), ("dates_are_gmt", "true")]
        if let after { parameters.append(("modified_after", after.bareGMT)) }
        if let before { parameters.append(("modified_before", before.bareGMT)) }
        if let since { parameters.append(("after", since.wholeSecond.addingTimeInterval(-1).bareGMT)) }
        if let status { parameters.append(("status", status)) }
        return parameters
    }

    /// A shop, or a cache before it, that ignores what was asked for would lose orders silently: told apart here. The last time seen.
    private func check(_ page: OrderPage, after: Date?) throws(FeedFailure) -> Date? {
        guard page.orders.count <= WooCommerceClient.pageMax else {
            throw FeedFailure(.ignoresParameters, "\(page.shop) sent \(page.orders.count) orders where \(WooCommerceClient.pageMax) were asked for.")
        }
        var last: Date?
        for time in page.orders.compactMap(\.modifiedAt) {
            if let after, time <= after {
                throw FeedFailure(.ignoresParameters, "\(page.shop) sent orders from before the time asked for: a cache or plugin changes the request.")
            }
            if let last, last.timeIntervalSince(time) > OrderWalk.clockChangeSecondsMax {
                throw FeedFailure(.ignoresParameters, "\(page.shop) sent orders that are not in the order asked for: a cache or plugin changes the request.")
            }
            last = max(last ?? time, time)
        }
        return last
    }

    private func isDisordered(_ page: OrderPage) -> Bool {
        let times = page.orders.compactMap(\.modifiedAt)
        return zip(times, times.dropFirst()).contains { $0 > $1 }
    }
}

/// All orders of one stretch of time, when a whole page shares a second or is not in order: paged by id, which both versions keep in order.
///
/// An order that is edited leaves the stretch and moves another one over a page's edge; then the shop's count differs between the
/// pages, and the stretch is walked again.
struct WindowWalk: Sendable {
    /// How often a stretch is walked whose orders keep leaving.
    static let roundsMax = 10
    static let pagesMax = 1_000

    let walk: OrderWalk
    /// Exclusive; nil is the start of the shop.
    let after: Date?
    /// Inclusive.
    let last: Date

    func run() async throws {
        var known: Set<OrderID> = []
        for _ in 0..<WindowWalk.roundsMax {
            if try await round(&known) { return }
        }
        throw FeedFailure(.ordersMoving, "The orders modified up to \(last.bareGMT) GMT kept changing while they were read; they are read again at the next pass.")
    }

    /// True when nothing can have been missed: the count stood still, or nothing new was met.
    private func round(_ known: inout Set<OrderID>) async throws -> Bool {
        let window = walk.parameters(after: after, before: last.addingTimeInterval(1))
        var totals: Set<Int?> = []
        var isAllKnown = true
        for number in 1...WindowWalk.pagesMax {
            try Task.checkCancellation()
            let page = try await walk.client.orders(window + [("orderby", "id"), ("order", "asc"), ("page", String(number))])
            let fresh = page.orders.filter { order in order.id.map { !known.contains($0) } ?? true }
            if !fresh.isEmpty { isAllKnown = false }
            known.formUnion(fresh.compactMap(\.id))
            totals.insert(page.total)
            try await walk.keep(fresh, nil)
            if !page.hasMore { return isAllKnown || (totals.count == 1 && totals.first.flatMap { $0 } != nil) }
        }
        throw FeedFailure(.ignoresParameters, "\(walk.client.base) has no end of orders within one page's time.")
    }
}

extension Date {
    /// `2026-11-22T01:49:03`, GMT without a zone.
    var bareGMT: String { String(Timestamp.text(self).prefix(19)) }
    var wholeSecond: Date { Date(timeIntervalSince1970: timeIntervalSince1970.rounded(.down)) }
}

extension TimeZone {
    /// Whether the shop's clocks are put back or forward within an hour of the moment.
    func changesClock(around date: Date) -> Bool {
        let offset = secondsFromGMT(for: date)
        return offset != secondsFromGMT(for: date.addingTimeInterval(-OrderWalk.clockChangeSecondsMax))
            || offset != secondsFromGMT(for: date.addingTimeInterval(OrderWalk.clockChangeSecondsMax))
    }
}
