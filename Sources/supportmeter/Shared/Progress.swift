import Dispatch
import Glibc
import Synchronization

/// How far long work has come: one line on a terminal's stderr that is written over, a few times a second; nothing in a pipe.
final class Progress: Sendable {
    private static let pauseSeconds = 0.1

    private let isShown: Bool
    private let last = Mutex<DispatchTime?>(nil)

    init(isShown: Bool = true) { self.isShown = isShown && isatty(STDERR_FILENO) != 0 }

    func show(_ text: @autoclosure () -> String) {
        guard isShown else { return }
        let now = DispatchTime.now()
        let isDue = last.withLock { last in
            if let last, now < last + Progress.pauseSeconds { return false }
            last = now
            return true
        }
        if isDue { Output.over("\r\u{1B}[K" + text()) }
    }

    /// Before the answer is printed.
    func clear() {
        if isShown, last.withLock({ $0 != nil }) { Output.over("\r\u{1B}[K") }
    }
}
