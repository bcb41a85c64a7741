import CPostgres
import Dispatch
import Synchronization

/// A thread that runs one closure; Dispatch lends its threads only, and takes them away when they are idle.
struct Thread {
    private let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }

    func start() -> Bool {
        let box = unsafe Unmanaged.passRetained(Box(body))
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread, nil,
            { argument in
                if let argument = unsafe argument { unsafe Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            }, box.toOpaque())
        if code == 0 { pthread_detach(thread) } else { unsafe box.release() }
        return code == 0
    }

    private final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}

/// A number that one thread sets and another waits for.
final class Started: Sendable {
    private let value = Mutex<Int32>(0)
    private let semaphore = DispatchSemaphore(value: 0)

    func set(_ number: Int32) {
        value.withLock { $0 = number }
        semaphore.signal()
    }

    func wait() -> Int32 {
        semaphore.wait()
        return value.withLock { $0 }
    }
}

/// How a child ended, and who wants to know.
final class Exit: Sendable {
    private struct State {
        var code: Int32?
        var callbacks: [@Sendable (Int32) -> Void] = []
    }

    private let state = Mutex(State())

    var code: Int32? { state.withLock { $0.code } }

    func set(_ code: Int32) {
        let callbacks = state.withLock { state in
            state.code = code
            defer { state.callbacks = [] }
            return state.callbacks
        }
        for callback in callbacks { callback(code) }
    }

    func whenSet(_ callback: @escaping @Sendable (Int32) -> Void) {
        let code = state.withLock { state in
            if state.code == nil { state.callbacks.append(callback) }
            return state.code
        }
        if let code { callback(code) }
    }

    func ifRunning(_ action: () -> Void) {
        state.withLock { if $0.code == nil { action() } }
    }

    func wait(seconds: Double) -> Bool {
        let semaphore = DispatchSemaphore(value: 0)
        whenSet { _ in semaphore.signal() }
        return semaphore.wait(timeout: .now() + seconds) == .success
    }
}
