import Store
import Synchronization

/// What waits to be told to one window. Never grows beyond `eventsMax`: then the window is told to reload.
final class LiveInbox: Sendable {
    static let eventsMax = 256

    struct Taken: Sendable {
        var events: Set<DeskEvent> = []
        var end: LiveEnd?
    }

    private let waiting = Mutex(Taken())
    /// Rings once for any number of things that wait.
    let rings: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation

    init() { (rings, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1)) }

    func put(_ event: DeskEvent) {
        waiting.withLock { waiting in
            if waiting.events.count >= LiveInbox.eventsMax { waiting.events = [.reload] }
            waiting.events.insert(event)
        }
        bell.yield()
    }

    /// A sign of life is due.
    func beat() { bell.yield() }

    func end(_ reason: LiveEnd) {
        waiting.withLock { $0.end = reason }
        bell.yield()
    }

    /// Nothing follows any more.
    func close() { bell.finish() }

    /// Everything that waits; empty when only a sign of life is due.
    func take() -> Taken {
        waiting.withLock { waiting in
            defer { waiting = Taken() }
            return waiting
        }
    }
}
