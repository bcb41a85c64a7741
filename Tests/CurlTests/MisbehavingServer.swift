import Foundation
import Glibc

/// A server on a loopback address and a port of its own, with a thread per connection that does what the script says. The connection is
/// closed when the script returns; the server stops listening when nobody holds it any more.
final class MisbehavingServer: Sendable {
    typealias Script = @Sendable (ServerConnection) -> Void
    struct CannotListen: Error {}

    let host: String
    let port: Int
    private let listener: Int32
    private let log = ServerLog()

    /// With `accepting` false connections stay in the system's queue, which holds about `backlog` of them.
    init(host: String = "127.0.0.1", accepting: Bool = true, backlog: Int32 = 512, _ script: @escaping Script) throws {
        self.host = host
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = unsafe inet_addr(host)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
                guard unsafe bind(listener, plain, length) == 0, listen(listener, backlog) == 0 else { return Int32(-1) }
                return unsafe getsockname(listener, plain, &length)
            }
        }
        guard code == 0 else { throw CannotListen() }
        port = Int(UInt16(bigEndian: address.sin_port))
        if accepting { Thread.detachNewThread { [log] in Self.acceptAll(listener, script, log) } }
    }

    private static func acceptAll(_ listener: Int32, _ script: @escaping Script, _ log: ServerLog) {
        while true {
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else {
                close(listener)
                return
            }
            log.change { $0.accepted += 1 }
            Thread.detachNewThread {
                let connection = ServerConnection(descriptor: descriptor) { request in log.change { $0.requests.append(request) } }
                script(connection)
                close(descriptor)
                log.change { entries in
                    entries.ended += 1
                    entries.bytesWritten += connection.bytesWritten
                }
            }
        }
    }

    var url: String { "http://\(host):\(port)" }
    var accepted: Int { log.entries.accepted }
    var requests: [ServerConnection.Request] { log.entries.requests }
    var bytesWritten: Int { log.entries.bytesWritten }

    /// Returns when so many requests have been read in all.
    func waitForRequests(_ count: Int) async { await log.wait { $0.requests.count >= count } }

    /// Returns when so many connections have been served to the end, because the script was over or the client had left.
    func waitForEndedConnections(_ count: Int) async { await log.wait { $0.ended >= count } }

    deinit {
        // Ends the accepting thread, which closes the socket.
        shutdown(listener, Int32(SHUT_RDWR))
    }
}
