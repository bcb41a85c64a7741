import Domain
import Logging
import Postgres
import Synchronization

/// Hands what changes to every window that has it open: notifications of the desk, and the ledger's new rows.
///
/// A spend notifies nobody: NOTIFY takes a lock of the whole database at commit, which would put the lanes' commits one behind the other.
final class DeskHub: Sendable {
    static let channel = "supportmeter_desk"
    /// Events that a window may leave unread.
    static let eventsMax = 256
    /// Between two looks at the ledger.
    static let pauseMilliseconds = 400

    private struct State {
        var windows: [Int: (shop: ShopID, continuation: AsyncStream<DeskEvent>.Continuation)] = [:]
        var count = 0
        var work: Task<Void, Never>?
        /// LISTEN is in force.
        var isListening = false
    }
    private let state = Mutex(State())
    private let pool: Pool
    private let faults: FaultLog

    init(pool: Pool, faults: FaultLog) {
        self.pool = pool
        self.faults = faults
    }

    /// Windows open now.
    var windowCount: Int { state.withLock { $0.windows.count } }

    func subscribe(_ shop: ShopID) -> AsyncStream<DeskEvent> {
        let (stream, continuation) = AsyncStream.makeStream(of: DeskEvent.self, bufferingPolicy: .bufferingNewest(DeskHub.eventsMax))
        let id = state.withLock { state in
            state.count += 1
            state.windows[state.count] = (shop, continuation)
            if state.isListening { continuation.yield(.reload) }
            if state.work == nil { state.work = Task { await self.work() } } // nothing is told before LISTEN is in force
            return state.count
        }
        continuation.onTermination = { [weak self] _ in self?.unsubscribe(id) }
        return stream
    }

    /// The last one out turns off the light.
    private func unsubscribe(_ id: Int) {
        let work = state.withLock { state -> Task<Void, Never>? in
            state.windows[id] = nil
            guard state.windows.isEmpty else { return nil }
            defer { (state.work, state.isListening) = (nil, false) }
            return state.work
        }
        work?.cancel()
    }

    private func work() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.listen() }
            group.addTask { await self.watchLedger() }
            await group.waitForAll()
        }
    }

    private func listen() async {
        for await notification in pool.listen([DeskHub.channel]) {
            guard !Task.isCancelled else { return }
            switch notification {
            case .reconnected:
                state.withLock { $0.isListening = !$0.windows.isEmpty }
                tell(.reload, nil)
            case .message(_, let payload):
                let parts = payload.split(separator: ",")
                guard parts.count == 3, let shop = Int64(parts[0]), let ticket = Int64(parts[1]) else { continue }
                if let event = DeskEvent(what: parts[2], ticket: TicketID(ticket)) { tell(event, ShopID(shop)) }
            }
        }
    }

    private func watchLedger() async {
        var tail = LedgerTail()
        while (try? await Task.sleep(for: .milliseconds(DeskHub.pauseMilliseconds))) != nil {
            let shops = Set(state.withLock { $0.isListening ? $0.windows.values.map(\.shop) : [] })
            guard !shops.isEmpty else { continue }
            do {
                let before = tail
                let (next, news) = try await pool.read { try before.look($0, shops: Array(shops)) }
                tail = next
                for (shop, tickets) in news.tickets { for ticket in tickets { tell(.credits(ticket), shop) } }
                for shop in news.flooded { tell(.reload, shop) }
            } catch {
                faults.met(error)
            }
        }
    }

    /// To the windows of a shop; to all of them without one.
    private func tell(_ event: DeskEvent, _ shop: ShopID?) {
        let windows = state.withLock { $0.windows.values.filter { shop == nil || $0.shop == shop }.map(\.continuation) }
        for window in windows {
            if case .dropped = window.yield(event) { window.yield(.reload) }
        }
    }
}
