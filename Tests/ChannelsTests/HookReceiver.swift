import Hummingbird
import Logging
import Synchronization

/// Another program that is told things: a real HTTP server on a port of its own.
final class HookReceiver: Sendable {
    struct Request: Sendable {
        let path: String
        let headers: [String: String]
        let body: String
    }
    struct Answer: Sendable {
        var status = 204
        var retryAfter: String?
        var location: String?
        var body = ""
    }

    private struct State {
        var requests: [Request] = []
        var waiters: [(path: String?, count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }
    private let state = Mutex(State())
    let url: String

    private init(port: Int) { url = "http://127.0.0.1:\(port)" }

    var requests: [Request] { state.withLock { $0.requests } }
    func requests(to path: String) -> [Request] { requests.filter { $0.path == path } }

    /// Returns when so many requests have come, to that path or in all.
    func wait(for count: Int, to path: String? = nil) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if Self.count(state, path) >= count { return true }
                state.waiters.append((path, count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    private static func count(_ state: State, _ path: String?) -> Int {
        path.map { path in state.requests.count { $0.path == path } } ?? state.requests.count
    }

    private func keep(_ request: Request) {
        let due = state.withLock { state in
            state.requests.append(request)
            let waiters = state.waiters
            let isDue = { [state] (path: String?, count: Int) in Self.count(state, path) >= count }
            state.waiters = waiters.filter { !isDue($0.path, $0.count) }
            return waiters.filter { isDue($0.path, $0.count) }
        }
        for waiter in due { waiter.continuation.resume() }
    }

    /// Answers for as long as the body runs. The n-th request of all gets `answer(request, n)`, from 1.
    static func with(
        _ answer: @escaping @Sendable (Request, Int) async -> Answer = { _, _ in Answer() }, _ body: (HookReceiver) async throws -> Void
    ) async throws {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let holder = Mutex<HookReceiver?>(nil)
        let router = Router()
        router.post("/**") { request, _ -> Response in
            let buffer = try await request.body.collect(upTo: 1 << 20)
            let headers = Dictionary(request.headers.map { ($0.name.rawName.lowercased(), $0.value) }, uniquingKeysWith: { $1 })
            let seen = Request(path: request.uri.path, headers: headers, body: String(buffer: buffer))
            let receiver = holder.withLock { $0 }
            receiver?.keep(seen)
            let said = await answer(seen, receiver?.requests.count ?? 0)
            var response = Response(status: .init(code: said.status), body: .init(byteBuffer: ByteBuffer(string: said.body)))
            response.headers[.retryAfter] = said.retryAfter
            response.headers[.location] = said.location
            return response
        }
        var logger = Logger(label: "receiver")
        logger.logLevel = .critical
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                port.yield(channel.localAddress?.port ?? 0)
                port.finish()
            }, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            var iterator = ports.makeAsyncIterator()
            let receiver = HookReceiver(port: await iterator.next() ?? 0)
            holder.withLock { $0 = receiver }
            do {
                try await body(receiver)
            } catch {
                group.cancelAll()
                throw error
            }
            group.cancelAll()
        }
    }
}
