import Domain
import Store
import Synchronization

/// Every window that listens to this process. Browsers open six connections to one host at most (HTTP/1.1), so of one session only the newest
/// `perSessionMax` windows listen; the others are told, and listen again when somebody looks at them.
final class LiveWindows: Sendable {
    static let perSessionMax = 4
    /// Of all sessions; leaves connections for everything else.
    static let windowsMax = 512

    private struct Key: Hashable {
        let shop: ShopID
        let session: SessionID
    }
    private struct State {
        var windows: [Key: [LiveInbox]] = [:]
        var count = 0
    }
    private let state = Mutex(State())

    /// Windows that listen now.
    var count: Int { state.withLock { $0.count } }

    /// Nil when there are `windowsMax` already.
    func open(_ visitor: Visitor) -> LiveInbox? {
        let inbox = LiveInbox()
        let key = Key(shop: visitor.shop.id, session: visitor.session.id)
        let (isIn, tooMany) = state.withLock { state -> (Bool, ArraySlice<LiveInbox>) in
            guard state.count < LiveWindows.windowsMax else { return (false, []) }
            state.count += 1
            state.windows[key, default: []].append(inbox)
            return (true, state.windows[key, default: []].dropLast(LiveWindows.perSessionMax))
        }
        for window in tooMany { window.end(.elsewhere) }
        return isIn ? inbox : nil
    }

    func close(_ inbox: LiveInbox, _ visitor: Visitor) {
        let key = Key(shop: visitor.shop.id, session: visitor.session.id)
        inbox.close()
        state.withLock { state in
            guard let place = state.windows[key]?.firstIndex(where: { $0 === inbox }) else { return }
            state.windows[key]?.remove(at: place)
            if state.windows[key]?.isEmpty == true { state.windows[key] = nil }
            state.count -= 1
        }
    }
}
