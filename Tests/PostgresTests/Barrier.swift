import Dispatch
import Synchronization

/// Lets threads of connections go on only when all of them have come. It blocks, so it is for bodies of transactions only.
final class Barrier: Sendable {
    private let missing: Mutex<Int>
    private let semaphore = DispatchSemaphore(value: 0)
    private let count: Int

    init(_ count: Int) {
        missing = Mutex(count)
        self.count = count
    }

    func arriveAndWait() {
        let isLast = missing.withLock { missing in
            missing -= 1
            return missing == 0
        }
        if isLast { for _ in 1..<count { semaphore.signal() } } else { semaphore.wait() }
    }
}
