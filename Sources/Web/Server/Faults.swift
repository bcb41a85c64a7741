import Domain
import Logging
import Store

/// Turns whatever a handler throws into an answer. A refusal or problem is one already. A fault of the database is told once by the store's
/// `FaultLog`, whatever the number of requests; anything else is a fault of ours and costs one line of log each time.
enum Faults {
    static func reply(_ error: any Error, _ store: Store, _ logger: Logger) -> Reply {
        switch error {
        case let refusal as Refusal: return .answer(.refused(refusal))
        case let problem as Problem: return .problem(problem)
        default: return .problem(problem(telling: error, store, logger))
        }
    }

    /// A fault as whoever asked should hear it; the log hears it too.
    static func problem(telling error: any Error, _ store: Store, _ logger: Logger) -> Problem {
        guard let problem = problem(for: error) else {
            logger.error("internal error: \(summary(error))")
            return .internal
        }
        store.faults.met(error)
        logger.debug("not available: \(summary(error))")
        return problem
    }

    /// What the caller should do about a fault of a neighbour; nil when the fault is our own.
    static func problem(for error: any Error) -> Problem? {
        guard let fault = StoreFault(error) else { return nil }
        switch fault {
        case .outcomeUnknown:
            return .unavailable("the database was lost at the last moment: whether this was booked is not known; retry with the same key")
        case .diskFull: return .unavailable("the server has no room left; nothing was booked", retryAfterSeconds: 30)
        case .databaseAway: return .unavailable("the database is not reachable; nothing was booked", retryAfterSeconds: 2)
        case .busy: return .unavailable("too much is waiting for the database; nothing was booked", retryAfterSeconds: 2)
        case .shuttingDown: return .unavailable("this server is shutting down; nothing was booked")
        }
    }

    /// Only the kind of an error that is not ours: its text might hold what a caller sent.
    static func summary(_ error: any Error) -> String {
        StoreFault.describes(error) ? String(describing: error) : String(describing: type(of: error))
    }
}
