import Foundation
import Synchronization

/// The DevTools protocol over two file descriptors: JSON with a NUL after each message (`--remote-debugging-pipe`).
final class DevTools: Sendable {
    typealias Handler = @Sendable (_ method: String, _ values: JSON) -> Void

    private struct State {
        var last = 0
        var waiting: [Int: CheckedContinuation<JSON, any Error>] = [:]
        var handlers: [String: Handler] = [:]
        var end: BrowserError?
    }

    private let writingEnd: Int32
    private let writer = DispatchQueue(label: "browser.writer")
    private let state = Mutex(State())

    /// Takes both descriptors over.
    init(readingEnd: Int32, writingEnd: Int32) {
        self.writingEnd = writingEnd
        DispatchQueue(label: "browser.reader").async { [self] in read(readingEnd) }
    }

    /// The browser is gone: whoever waits is told.
    func end(_ why: String) {
        let waiting = state.withLock { state in
            state.end = BrowserError(why)
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for continuation in waiting { continuation.resume(throwing: BrowserError(why)) }
    }

    /// Events of a session go to the handler, in their order, on the reading thread.
    func listen(_ session: String, _ handler: Handler?) { state.withLock { $0.handlers[session] = handler } }

    /// Calls a method and returns its result. Throws `BrowserError` when it fails or does not answer within so many seconds.
    @discardableResult
    func send(_ method: String, _ values: JSON = [:], session: String? = nil, within seconds: Double = 60) async throws -> JSON {
        try await withCheckedThrowingContinuation { continuation in
            let id = state.withLock { state -> Int? in
                guard state.end == nil else { return nil }
                state.last += 1
                state.waiting[state.last] = continuation
                return state.last
            }
            guard let id else { return continuation.resume(throwing: state.withLock { $0.end } ?? BrowserError("the browser is gone")) }
            var message: [String: JSON] = ["id": .number(Double(id)), "method": .text(method), "params": values]
            if let session { message["sessionId"] = .text(session) }
            let bytes = Array(JSON.object(message).source.utf8) + [0]
            writer.async { [self] in write(bytes) }
            DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [self] in
                take(id)?.resume(throwing: BrowserError("\(method) did not answer within \(seconds) seconds"))
            }
        }
    }

    private func take(_ id: Int) -> CheckedContinuation<JSON, any Error>? { state.withLock { $0.waiting.removeValue(forKey: id) } }

    private func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(writingEnd, $0.baseAddress, $0.count) }
            if count < 0 && errno != EINTR { return end("the browser does not listen (errno \(errno))") }
            rest = rest.dropFirst(max(0, count))
        }
    }

    private func read(_ end: Int32) {
        var unread: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe Glibc.read(end, &bytes, bytes.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return self.end("the browser hung up") }
            var rest = bytes[..<count]
            while let stop = rest.firstIndex(of: 0) {
                unread += rest[..<stop]
                rest = rest[(stop + 1)...]
                hear(unread)
                unread = []
            }
            unread += rest
        }
    }

    private func hear(_ bytes: [UInt8]) {
        guard let message = try? JSONDecoder().decode(JSON.self, from: Data(bytes)) else { return }
        if let id = message["id"].double {
            guard let continuation = take(Int(id)) else { return }
            if let problem = message["error"]["message"].string {
                continuation.resume(throwing: BrowserError(problem))
            } else {
                continuation.resume(returning: message["result"])
            }
        } else if let method = message["method"].string, let session = message["sessionId"].string {
            state.withLock { $0.handlers[session] }?(method, message["params"])
        }
    }
}
