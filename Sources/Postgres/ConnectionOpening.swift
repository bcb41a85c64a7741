import CPostgres
import Dispatch
import Logging

extension Connection {
    /// How long between two attempts while the server says that it is still starting up: doubled each time, up to the second.
    private static let startingUpPauseMicroseconds: UInt32 = 50_000
    private static let startingUpPauseMicrosecondsMax: UInt32 = 400_000

    /// Connects and prepares the session; blocks for up to `connectSecondsMax`, so it belongs on a connection's own queue.
    ///
    /// A server that answers "starting up" is asked again until the time is over; one that does not answer at all fails at once.
    static func open(_ configuration: PoolConfiguration, logger: Logger) throws -> Connection {
        let parameters = try ConnectionParameters(configuration)
        let deadline = DispatchTime.now() + .seconds(configuration.connectSecondsMax)
        var pause = startingUpPauseMicroseconds
        while true {
            let connection = unsafe try Connection(
                adopting: unsafe parameters.connect(), statementsMax: configuration.preparedStatementsMax, snapshot: configuration.snapshot,
                logger: logger)
            guard connection.isLost else {
                try connection.prepareSession(configuration)
                return connection
            }
            let message = unsafe parameters.scrubbed(String(cString: PQerrorMessage(connection.raw)))
            guard isStartingUp(message), DispatchTime.now() < deadline else {
                throw PostgresError(.connection, message: message)
            }
            usleep(pause)
            pause = min(startingUpPauseMicrosecondsMax, pause * 2)
        }
    }

    /// libpq has no SQLSTATE for a refused connection, only these words of `postmaster.c` and `postinit.c` (57P03).
    private static func isStartingUp(_ message: String) -> Bool {
        ["is starting up", "is in recovery mode", "not yet accepting connections"].contains { message.contains($0) }
    }

    /// The session's own settings: what values are printed and read like must not depend on the server or the role.
    private func prepareSession(_ configuration: PoolConfiguration) throws {
        var script = "SET TimeZone TO 'UTC'; SET DateStyle TO 'ISO, MDY'; SET IntervalStyle TO 'iso_8601'; SET bytea_output TO 'hex'"
        script += "; SET extra_float_digits TO 1; SET standard_conforming_strings TO on"
        // Statements here are short, or stream: compiling one takes longer than it saves.
        script += "; SET jit TO off"
        if let seconds = configuration.statementSecondsMax {
            script += "; SET statement_timeout TO \(max(1, Int(seconds * 1000)))"
        }
        _ = try simple(script)
    }

    /// Whether an idle connection still has a server behind it: a closed socket is readable. Costs one `poll`, no round trip.
    var isAlive: Bool { consumeInput() }

    /// Reads what has arrived without waiting for more; false when the connection turns out to be lost.
    func consumeInput() -> Bool {
        while !isLost {
            var descriptor = unsafe pollfd(fd: PQsocket(raw), events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&descriptor, 1, 0) > 0 else { return true }
            guard unsafe PQconsumeInput(raw) == 1 else { return false }
        }
        return false
    }
}
