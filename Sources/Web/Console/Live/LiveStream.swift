import HTTPTypes
import Hummingbird
import ServiceLifecycle
import Store

/// A stream of server-sent events to one window, as long as it is open, its session lasts and the server runs.
///
/// What happens in the shop is gathered for a moment, and `tell` makes of it what the page's script should hear. Every stream begins with a
/// reload, so a window that was away needs nothing else to catch up. A fault ends the stream; the window connects again.
struct LiveStream: Sendable {
    /// Between two signs of life, which are also when the session is looked at, in seconds.
    static let beatSeconds = 10.0
    /// What happens within so long is told together.
    static let gatherMilliseconds = 100

    private let store: Store
    private let visitor: Visitor
    private let inbox: LiveInbox
    private let tell: @Sendable (LiveNews) async throws -> [LiveEvent]

    /// - Parameters:
    ///   - page: where somebody is led who opens the stream's address as if it were a page.
    ///   - tell: what the window hears of some news; nothing when none of it concerns the window.
    /// - Throws: `Problem` 503 when too many windows listen.
    static func reply(
        _ call: PageCall, _ visitor: Visitor, page: String, tell: @escaping @Sendable (LiveNews) async throws -> [LiveEvent]
    ) throws -> Reply {
        guard (call.request.headers[.accept] ?? "").contains("text/event-stream"), call.request.method != .head else { return call.redirect(page) }
        let (windows, store) = (call.console.windows, call.store)
        guard windows.count < LiveWindows.windowsMax else { throw Problem.unavailable("too many windows listen", retryAfterSeconds: 30) }
        var reply = Reply.events { write in
            guard let inbox = windows.open(visitor) else { return }
            defer { windows.close(inbox, visitor) }
            let stream = LiveStream(store: store, visitor: visitor, inbox: inbox, tell: tell)
            try await cancelWhenGracefulShutdown { try await stream.run(write) }
        }
        reply.headers.append((.acceleratorBuffering, "no"))
        return reply
    }

    private func run(_ write: @escaping @Sendable ([UInt8]) async throws -> Void) async throws {
        try await write(LiveEvent.beat)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.gather() }
            group.addTask { await self.watch() }
            group.addTask { try? await self.speak(write) }
            await group.next()
            group.cancelAll()
        }
    }

    private func gather() async {
        for await event in store.deskEvents(in: visitor.shop.id) { inbox.put(event) }
    }

    /// Looks whether the session still stands. A database that is away ends nobody's session.
    private func watch() async {
        while (try? await Task.sleep(for: .seconds(LiveStream.beatSeconds))) != nil {
            if (try? await store.isSessionOpen(visitor.session.id, in: visitor.shop.id)) == false { return await endForGood() }
            inbox.beat()
        }
    }

    /// Leaves it to `speak` to say so, and waits until it has.
    private func endForGood() async {
        inbox.end(.signedOut)
        try? await Task.sleep(for: .seconds(LiveStream.beatSeconds))
    }

    private func speak(_ write: @Sendable ([UInt8]) async throws -> Void) async throws {
        for await _ in inbox.rings {
            try await Task.sleep(for: .milliseconds(LiveStream.gatherMilliseconds))
            let taken = inbox.take()
            if let end = taken.end { return try await write(LiveEvent(end.rawValue).bytes) }
            let events = taken.events.isEmpty ? [] : try await tell(LiveNews(events: taken.events))
            let bytes = events.flatMap(\.bytes)
            try await write(bytes.isEmpty ? LiveEvent.beat : bytes)
        }
    }
}

extension HTTPField.Name {
    /// nginx: hand every piece on at once.
    static let acceleratorBuffering = HTTPField.Name(known: "X-Accel-Buffering")
}
