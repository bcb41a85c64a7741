import Domain
import FoundationEssentials
import Postgres

/// Where a shop's feed stands, as its row has it.
public struct FeedState: Sendable {
    /// `rest`: modification time up to which all is known, before the overlap is taken off; nil before the first page.
    public let cursorAt: Date?
    /// The same for the statuses that the default list hides.
    public let hiddenCursorAt: Date?
    /// `deliveries`: the relay's cursor.
    public let cursorText: String?
    public let leaseOwner: String?
    public let leaseUntil: Date?
    public let passRequestedAt: Date?
    public let passStartedAt: Date?
    public let passEndedAt: Date?
    /// The request that the last ended pass answered.
    public let passAnsweredAt: Date?
    /// In plain words; nil when the last pass went well.
    public let passError: String?
    /// A stable slug.
    public let passErrorKind: String?
    public let figures: IntakeFigures
    public let totals: IntakeFigures
    /// Failed passes in a row.
    public let failures: Int
    public let nextPassAt: Date?
    /// The shop's own word on when to come back.
    public let retryAfter: Date?
    public let awaySince: Date?
    public let sweepRequestedAt: Date?
    public let sweepStartedAt: Date?
    public let sweepEndedAt: Date?
    /// Order id up to which the running sweep has come; nil when none runs.
    public let sweepAfter: OrderID?
    /// The end of the first whole pass.
    public let importedAt: Date?
    /// Order id up to which stored orders were tried again after a plan import; nil when none is due.
    public let rematchAfter: OrderID?

    /// Someone asked for a pass that has not been made yet.
    public var isPassRequested: Bool {
        guard let passRequestedAt else { return false }
        return passAnsweredAt.map { $0 < passRequestedAt } ?? true
    }

    /// Someone asked for a sweep that has not begun since.
    public var isSweepRequested: Bool {
        guard let sweepRequestedAt else { return false }
        return sweepStartedAt.map { $0 < sweepRequestedAt } ?? true
    }

    static let columns: SQL = """
        f.cursor_at, f.hidden_cursor_at, f.cursor_text, f.lease_owner, f.lease_until, f.pass_requested_at, f.pass_started_at, f.pass_ended_at,
        f.pass_answered_at, f.pass_error, f.pass_error_kind, f.figures::text, f.totals::text, f.failures, f.next_pass_at, f.retry_after,
        f.away_since, f.sweep_requested_at, f.sweep_started_at, f.sweep_ended_at, f.sweep_after, f.imported_at, f.rematch_after
        """

    init(_ row: inout Row) throws {
        cursorAt = try row.next()
        hiddenCursorAt = try row.next()
        cursorText = try row.next()
        leaseOwner = try row.next()
        leaseUntil = try row.next()
        passRequestedAt = try row.next()
        passStartedAt = try row.next()
        passEndedAt = try row.next()
        passAnsweredAt = try row.next()
        passError = try row.next()
        passErrorKind = try row.next()
        figures = FeedState.figures(try row.next(String.self))
        totals = FeedState.figures(try row.next(String.self))
        failures = try row.next()
        nextPassAt = try row.next()
        retryAfter = try row.next()
        awaySince = try row.next()
        sweepRequestedAt = try row.next()
        sweepStartedAt = try row.next()
        sweepEndedAt = try row.next()
        sweepAfter = try row.next()
        importedAt = try row.next()
        rematchAfter = try row.next()
    }

    /// A row that was never written to has `{}`.
    private static func figures(_ text: String) -> IntakeFigures {
        (try? JSONDecoder().decode(IntakeFigures.self, from: Data(text.utf8))) ?? IntakeFigures()
    }
}

extension IntakeFigures {
    /// `{"seen":277,"changed":41,"ignored":12,"rejected":0}`, as the command line prints it.
    public var json: String {
        #"{"seen":\#(seen),"changed":\#(changed),"ignored":\#(ignored),"rejected":\#(rejected)}"#
    }
}
