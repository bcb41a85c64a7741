import CPostgres
import Dispatch
import Logging

/// LISTEN on a connection of its own, outside the pool's places.
///
/// It waits for the socket, so an idle listener costs nothing. A lost connection is made again after a pause that doubles.
///
/// `@unchecked Sendable`: everything that changes is touched only by blocks on `queue`, one at a time.
public final class Listener: @unchecked Sendable {
    private static let pauseSecondsMin = 0.05
    private static let pauseSecondsMax = 5.0

    private let queue = DispatchQueue(label: "postgres.listener")
    private let channels: [String]
    private let configuration: PoolConfiguration
    private let logger: Logger
    private let continuation: AsyncStream<Notification>.Continuation
    private var connection: Connection?
    private var source: (any DispatchSourceRead)?
    private var pauseSeconds = Listener.pauseSecondsMin
    private var isStopped = false
    /// The log hears once of an outage, and once of its end.
    private var isAway = false

    init(
        _ channels: [String], _ configuration: PoolConfiguration, logger: Logger, continuation: AsyncStream<Notification>.Continuation
    ) {
        self.channels = channels
        self.configuration = configuration
        self.logger = logger
        self.continuation = continuation
    }

    func start() {
        queue.async { self.connect() }
    }

    /// Ends the stream and closes the connection. Safe to call from anywhere, any number of times.
    public func stop() {
        queue.async {
            self.isStopped = true
            self.continuation.finish()
            self.disconnect()
        }
    }

    private func connect() {
        guard !isStopped, connection == nil else { return }
        do {
            let connection = try Connection.open(configuration, logger: logger)
            for channel in channels { _ = try connection.simple("LISTEN \(SQL.quoteIdentifier(channel))") }
            self.connection = connection
            pauseSeconds = Self.pauseSecondsMin
            if isAway { logger.info("listening to the database again") }
            isAway = false
            continuation.yield(.reconnected)
            watch(connection)
            receive()
        } catch {
            if !isAway { logger.info("cannot listen to the database, trying again", metadata: ["error": "\(error)"]) }
            isAway = true
            connectLater()
        }
    }

    private func connectLater() {
        queue.asyncAfter(deadline: .now() + pauseSeconds) { self.connect() }
        pauseSeconds = min(Self.pauseSecondsMax, pauseSeconds * 2)
    }

    /// Watches a duplicate of the socket: libpq closes its own as soon as it reads the end of it, under the source, which then would
    /// never finish. The cancel handler runs on the same queue when the source has let go.
    private func watch(_ connection: Connection) {
        let socket = dup(unsafe PQsocket(connection.raw))
        let source = DispatchSource.makeReadSource(fileDescriptor: socket, queue: queue)
        source.setEventHandler { [weak self] in self?.receive() }
        source.setCancelHandler {
            close(socket)
            self.connection = nil
            if !self.isStopped { self.connectLater() }
        }
        self.source = source
        source.resume()
    }

    private func disconnect() {
        source?.cancel()
        source = nil
    }

    /// A hangup is told once only, so everything is read, to the end of the socket if it has come.
    private func receive() {
        guard let connection, source != nil else { return }
        let isOpen = connection.consumeInput()
        while let notification = unsafe PQnotifies(connection.raw) {
            let channel = unsafe String(cString: notification.pointee.relname)
            let payload = unsafe String(cString: notification.pointee.extra)
            unsafe PQfreemem(notification)
            hand(.message(channel: channel, payload: payload))
        }
        guard isOpen else {
            logger.info("the listener lost its connection and makes it again")
            return disconnect()
        }
    }

    /// When the buffer was full the oldest is gone, and the marker behind it says so.
    private func hand(_ notification: Notification) {
        if case .dropped = continuation.yield(notification) { continuation.yield(.reconnected) }
    }
}
