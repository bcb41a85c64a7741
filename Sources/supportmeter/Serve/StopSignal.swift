import Glibc
import ServiceLifecycle
import UnixSignals

/// SIGTERM and SIGINT from the first moment on, also while the database is still being opened: what was begun is then closed in order.
/// Its end, as a service, is the end of the group that it runs in.
struct StopSignal: Service {
    private let signals: UnixSignalsSequence

    /// The one owner of these signals in the program. `hangUp`: the terminal that was closed, too, unless somebody (nohup) ignores that.
    init(hangUp: Bool = false) async {
        var wanted: [UnixSignal] = [.sigterm, .sigint]
        if hangUp, !StopSignal.isIgnored(SIGHUP) { wanted.append(.sighup) }
        signals = await UnixSignalsSequence(trapping: wanted)
    }

    /// Returns at the first signal, at once when it came before.
    func run() async throws {
        for await _ in signals.cancelOnGracefulShutdown() { return }
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard unsafe sigaction(number, nil, &action) == 0 else { return false }
        return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    }
}
