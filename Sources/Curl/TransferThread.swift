import CCurl
import Glibc
import Logging

/// What all requests of a client have in common.
struct TransferSettings: Sendable {
    let userAgent: String
    let tls: TLSOptions
    let connectionsMax: Int
    let logger: Logger
}

/// The one thread that talks to libcurl. It sleeps in `curl_multi_poll` until there is something to do.
final class TransferThread {
    private let inbox: TransferInbox
    private let settings: TransferSettings
    private let multi: MultiHandle
    private var running: [UInt: RunningTransfer] = [:]
    private let clock = ContinuousClock()

    /// The longest sleep while requests wait for a place, whose deadlines libcurl does not know, and else.
    private static let waitersMillisecondsMax: Int32 = 250
    private static let idleMillisecondsMax: Int32 = 60_000

    private init(inbox: TransferInbox, settings: TransferSettings, multi: MultiHandle) {
        self.inbox = inbox
        self.settings = settings
        self.multi = multi
    }

    /// Starts the thread and returns its handle; nil when the system has no room for either.
    static func start(inbox: TransferInbox, settings: TransferSettings) -> MultiHandle? {
        guard let multi = MultiHandle(connectionsMax: settings.connectionsMax) else { return nil }
        let isStarted = startThread {
            TransferThread(inbox: inbox, settings: settings, multi: multi).run()
        }
        return isStarted ? multi : nil
    }

    private func run() {
        Self.ignoreBrokenPipes()
        while true {
            let work = inbox.takeWork(places: settings.connectionsMax - running.count, now: clock.now)
            for (transfer, reason) in work.ended { transfer.fail(reason) }
            for transfer in work.starting { start(transfer) }
            endCancelled()
            if work.isStopping { return stop() }
            check(multi.perform())
            // A finished transfer may have made room for a waiting one: look before sleeping.
            guard !collectFinished() else { continue }
            check(multi.wait(millisecondsMax: work.isAnyWaiting ? Self.waitersMillisecondsMax : Self.idleMillisecondsMax))
        }
    }

    /// libcurl sends with MSG_NOSIGNAL, OpenSSL may not: on this thread a broken pipe is an error and never a signal.
    private static func ignoreBrokenPipes() {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGPIPE)
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    private func start(_ transfer: Transfer) {
        guard let new = RunningTransfer(transfer, settings: settings, now: clock.now) else {
            return transfer.fail(.other(code: HTTPFailure.outOfResourcesCode))
        }
        let setupCode = new.easy.setupCode
        guard setupCode == CURLE_OK else { return transfer.end(.failure(new.failure(setupCode, now: clock.now))) }
        guard multi.add(new.easy) == CURLM_OK else { return transfer.fail(.other(code: HTTPFailure.outOfResourcesCode)) }
        running[new.easy.key] = new
    }

    private func endCancelled() {
        for (key, cancelled) in running where cancelled.transfer.cancellation.isRaised {
            running[key] = nil
            multi.remove(cancelled.easy)
            cancelled.transfer.fail(.cancelled)
        }
    }

    private func collectFinished() -> Bool {
        var isAny = false
        while let (key, code) = multi.nextFinished() {
            guard let finished = running.removeValue(forKey: key) else { continue }
            multi.remove(finished.easy)
            isAny = true
            let result = finished.result(code, now: clock.now)
            if case .failure(let failure) = result { settings.logger.debug("\(failure)") }
            finished.transfer.end(result)
        }
        return isAny
    }

    /// An error of the multi handle itself, out of memory or of sockets, concerns all transfers: they fail, new ones may do better.
    private func check(_ code: CURLMcode) {
        guard code != CURLM_OK else { return }
        settings.logger.error("libcurl cannot go on with its transfers", metadata: ["code": "\(code.rawValue)"])
        endAll(.other(code: HTTPFailure.outOfResourcesCode))
        // Not in a hot loop while the system is short of something.
        usleep(100_000)
    }

    private func endAll(_ reason: HTTPFailure.Reason) {
        for ended in running.values {
            multi.remove(ended.easy)
            ended.transfer.fail(reason)
        }
        running = [:]
    }

    private func stop() {
        endAll(.shutDown)
        inbox.letGoOfHandle()
        multi.close()
        inbox.threadHasStopped()
    }
}
