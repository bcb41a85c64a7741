import Synchronization

/// The address of a server that may not be listening yet, and those who wait for it.
final class Listening: Sendable {
    private enum State {
        case waiting([CheckedContinuation<String, any Error>])
        case at(String)
        case over
    }

    private let state = Mutex(State.waiting([]))

    /// Returns once there is an address; throws `DemoShopError.notListening` when the server stopped first.
    var address: String {
        get async throws {
            try await withCheckedThrowingContinuation { continuation in
                let answer: Result<String, DemoShopError>? = state.withLock { state in
                    switch state {
                    case .waiting(let waiters):
                        state = .waiting(waiters + [continuation])
                        return nil
                    case .at(let address): return .success(address)
                    case .over: return .failure(.notListening)
                    }
                }
                if let answer { continuation.resume(with: answer.mapError { $0 as any Error }) }
            }
        }
    }

    func begin(at address: String) {
        for waiter in leave(for: .at(address)) { waiter.resume(returning: address) }
    }

    func end() {
        for waiter in leave(for: .over) { waiter.resume(throwing: DemoShopError.notListening) }
    }

    private func leave(for next: sending State) -> [CheckedContinuation<String, any Error>] {
        state.withLock { state in
            defer { state = next }
            guard case .waiting(let waiters) = state else { return [] }
            return waiters
        }
    }
}
