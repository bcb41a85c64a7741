import Foundation
import Glibc
import Synchronization

/// An HTTP/1.1 server on a free port that answers with bytes as they are, one request per connection.
final class RawServer: Sendable {
    struct CannotListen: Error {}
    /// From the request's target, `/wp-json/...?...`, to the whole answer.
    typealias Script = @Sendable (_ target: String) -> [UInt8]

    let url: String
    private let listener: Int32
    private let log = Log()

    private final class Log: Sendable {
        let targets = Mutex<[String]>([])
    }

    init(_ script: @escaping Script) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = unsafe inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
                guard unsafe bind(listener, plain, length) == 0, listen(listener, 128) == 0 else { return Int32(-1) }
                return unsafe getsockname(listener, plain, &length)
            }
        }
        guard code == 0 else { throw CannotListen() }
        self.listener = listener
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        Thread.detachNewThread { [log] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { break }
                Thread.detachNewThread {
                    let target = RawServer.target(of: descriptor)
                    log.targets.withLock { $0.append(target) }
                    RawServer.write(script(target), to: descriptor)
                    close(descriptor)
                }
            }
            close(listener)
        }
    }

    /// The targets asked for so far.
    var requests: [String] { log.targets.withLock { $0 } }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    /// A whole answer around a body.
    static func answer(_ body: String, status: String = "200 OK", headers: [String] = ["Content-Type: application/json"]) -> [UInt8] {
        Array((["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)", "Connection: close"] + headers).joined(separator: "\r\n").utf8)
            + Array("\r\n\r\n\(body)".utf8)
    }

    private static func target(of descriptor: Int32) -> String {
        var unread: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while unread.firstRange(of: Array("\r\n\r\n".utf8)) == nil {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return "" }
            unread += buffer[..<count]
        }
        return String(decoding: unread, as: UTF8.self).split(separator: " ").dropFirst().first.map(String.init) ?? ""
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
