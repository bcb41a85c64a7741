import Synchronization

/// What has happened at a `MisbehavingServer`, and who waits for it to happen.
final class ServerLog: Sendable {
    struct Entries {
        var accepted = 0
        var ended = 0
        var requests: [ServerConnection.Request] = []
        var bytesWritten = 0
    }

    private struct State {
        var entries = Entries()
        var waiters: [(isDue: @Sendable (Entries) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var entries: Entries { state.withLock { $0.entries } }

    func change(_ body: (inout Entries) -> Void) {
        let due = state.withLock { state in
            body(&state.entries)
            let entries = state.entries
            let due = state.waiters.filter { $0.isDue(entries) }
            state.waiters.removeAll { $0.isDue(entries) }
            return due.map(\.continuation)
        }
        for continuation in due { continuation.resume() }
    }

    func wait(until isDue: @escaping @Sendable (Entries) -> Bool) async {
        await withCheckedContinuation { continuation in
            state.withLock { $0.waiters.append((isDue, continuation)) }
            change { _ in }
        }
    }
}
