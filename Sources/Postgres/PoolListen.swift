extension Pool {
    /// What is notified on the channels, for as long as somebody iterates: cancelling the task, or the pool's shutdown, ends it.
    ///
    /// Starts with `.reconnected`, which means "LISTEN is in force, read everything"; the same comes after each lost connection and when
    /// more than `notificationsMax` were not read. Uses a connection of its own beside the pool's.
    public func listen(_ channels: [String]) -> AsyncStream<Notification> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Notification.self, bufferingPolicy: .bufferingNewest(max(2, configuration.notificationsMax)))
        let listener = Listener(channels, configuration, logger: logger, continuation: continuation)
        let key = ObjectIdentifier(listener)
        listeners.withLock { $0[key] = listener }
        continuation.onTermination = { [weak self] _ in
            listener.stop()
            _ = self?.listeners.withLock { $0.removeValue(forKey: key) }
        }
        listener.start()
        if isClosed { listener.stop() }
        return stream
    }
}
