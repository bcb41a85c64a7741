import Postgres

extension Store {
    /// Tells when a NOTIFY came on the channel, however many came since the last time it was told, and after each lost connection. Ends with the task.
    func signals(on channel: String) -> AsyncStream<Void> {
        let notifications = pool.listen([channel])
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let task = Task {
            for await _ in notifications { continuation.yield() }
            continuation.finish()
        }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }
}
