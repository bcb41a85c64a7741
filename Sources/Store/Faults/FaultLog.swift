import Logging
import Synchronization

/// What the log hears of a database that cannot do its work: one line when that begins, one a minute while it lasts and one when it is over,
/// however many requests, feeds and chores meet it. A fault that comes and goes is told once a minute, too.
public final class FaultLog: Sendable {
    private static let again = Duration.seconds(60)
    /// An outage is over when work was done so long after the last failure: on a full disk now and then a small write still succeeds.
    private static let quiet = Duration.seconds(5)

    private struct Outage {
        var began: ContinuousClock.Instant
        var toldAt: ContinuousClock.Instant
        var lastAt: ContinuousClock.Instant
        var times = 1
        var isOpen = true
        /// Its end is worth a line only when its beginning was.
        var isTold = true
    }

    private let logger: Logger
    private let outages = Mutex<[StoreFault: Outage]>([:])

    init(logger: Logger) { self.logger = logger }

    /// Tells of the error if it is the database's, and if that is news. False when it is no such fault: somebody else must tell it.
    @discardableResult
    public func met(_ error: any Error) -> Bool {
        guard let met = StoreFault(error) else { return false }
        guard met != .shuttingDown else { return true }
        let fault = met == .outcomeUnknown ? .databaseAway : met
        let now = ContinuousClock.now
        let isNews = outages.withLock { outages in
            var outage = outages[fault] ?? Outage(began: now, toldAt: now, lastAt: now, times: 0)
            let isFirst = outages[fault] == nil
            if !outage.isOpen { outage = Outage(began: now, toldAt: outage.toldAt, lastAt: now, times: 0, isTold: false) }
            (outage.times, outage.lastAt) = (outage.times + 1, now)
            let isNews = isFirst || now - outage.toldAt >= Self.again
            if isNews { (outage.toldAt, outage.isTold) = (now, true) }
            outages[fault] = outage
            return isNews
        }
        if isNews { logger.log(level: fault == .diskFull ? .critical : .error, "\(fault.sentence)", metadata: ["error": "\(error)"]) }
        return true
    }

    /// Work was done. Only a write shows that there is room on the disk again.
    public func worked(writing: Bool) {
        let over = outages.withLock { outages in
            if outages.isEmpty { return [(StoreFault, Outage)]() }
            let now = ContinuousClock.now
            var over: [(StoreFault, Outage)] = []
            for (fault, outage) in outages where outage.isOpen && (fault != .diskFull || writing) && now - outage.lastAt >= Self.quiet {
                outages[fault]?.isOpen = false
                if outage.isTold { over.append((fault, outage)) }
            }
            return over
        }
        for (fault, outage) in over {
            let seconds = Int((ContinuousClock.now - outage.began) / .seconds(1))
            logger.notice("the database works again", metadata: ["after": "\(fault.sentence)", "seconds": "\(seconds)", "times": "\(outage.times)"])
        }
    }
}

extension StoreFault {
    fileprivate var sentence: String {
        switch self {
        case .outcomeUnknown, .databaseAway: "the database is not reachable; the program waits for it"
        case .diskFull: "the database's disk is full; nothing can be booked until there is room"
        case .busy: "the database is too busy"
        case .shuttingDown: "the program is shutting down"
        }
    }
}
