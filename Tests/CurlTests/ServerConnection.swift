import Glibc
import Synchronization

/// One accepted connection of a `MisbehavingServer`, used by the thread that serves it.
final class ServerConnection {
    struct Request: Sendable {
        var line = ""
        var headers: [(name: String, value: String)] = []
        var body: [UInt8] = []

        var path: String { line.split(separator: " ").dropFirst().first.map(String.init) ?? "" }

        func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    private let descriptor: Int32
    private let onRequest: (Request) -> Void
    private var unread: [UInt8] = []
    private(set) var bytesWritten = 0

    init(descriptor: Int32, onRequest: @escaping (Request) -> Void) {
        self.descriptor = descriptor
        self.onRequest = onRequest
    }

    /// The next request with its body; nil when the client has closed the connection.
    func readRequest() -> Request? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let range = unread.firstRange(of: end) {
                var request = Self.parse(String(decoding: unread[..<range.lowerBound], as: UTF8.self))
                unread.removeSubrange(..<range.upperBound)
                let length = request.header("Content-Length").flatMap { Int($0) } ?? 0
                while unread.count < length { guard readMore() else { return nil } }
                request.body = Array(unread.prefix(length))
                unread.removeFirst(length)
                onRequest(request)
                return request
            }
            guard readMore() else { return nil }
        }
    }

    private static func parse(_ head: String) -> Request {
        let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
        let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (String(line[..<colon]), String(line[line.index(after: colon)...].drop { $0 == " " }))
        }
        return Request(line: lines.first ?? "", headers: headers)
    }

    private func readMore() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        unread += buffer[..<count]
        return true
    }

    /// Returns false when the client has gone.
    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            bytesWritten += count
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult
    func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    @discardableResult
    func answer(_ status: String = "200 OK", headers: [String] = [], body: String = "") -> Bool {
        let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
        return write(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    /// Lets time pass between two bytes of a slow server; returns false as soon as the client is gone.
    func dawdle(milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&entry, 1, milliseconds) == 0
    }

    /// Returns when the client has closed the connection, whatever else it sends.
    func waitUntilClientLeaves() {
        while readMore() { unread = [] }
    }
}
