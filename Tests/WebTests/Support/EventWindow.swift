import Foundation
import Glibc
import Synchronization
import Testing

@testable import Web

/// A browser's window that listens to server-sent events.
final class EventWindow: Sendable {
    struct Event: Sendable, Equatable {
        let name: String
        let data: String

        var json: [String: Any] { (try? JSONSerialization.jsonObject(with: Data(data.utf8))) as? [String: Any] ?? [:] }
        func numbers(_ field: String) -> [Int] { json[field] as? [Int] ?? [] }
    }

    /// Everything that is heard, until the server closes the connection.
    let events: AsyncStream<Event>
    private let heard: AsyncStream<Event>.Continuation
    private let descriptor: Int32

    init(_ browser: Browser, _ path: String) throws {
        (events, heard) = AsyncStream.makeStream(of: Event.self)
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw POSIXError(.EMFILE) }
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = in_port_t(URLComponents(string: browser.server.address)?.port ?? 0).bigEndian
        target.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = unsafe withUnsafePointer(to: &target) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw POSIXError(.ECONNREFUSED) }
        let request =
            "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
            + "Cookie: supportmeter_session=\(browser.session ?? "")\r\n\r\n"
        let bytes = Array(request.utf8)
        guard unsafe send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { throw POSIXError(.EPIPE) }
        self.descriptor = descriptor
        let heard = heard
        Thread.detachNewThread { EventWindow.listen(descriptor, heard) }
    }

    /// The window is closed: its connection goes away.
    func close() { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }

    private static func listen(_ descriptor: Int32, _ heard: AsyncStream<Event>.Continuation) {
        var text = ""
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe recv(descriptor, &piece, piece.count, 0)
            guard count > 0 else { break }
            text += String(decoding: piece[..<count], as: UTF8.self)
            while let start = text.range(of: "event: "), let end = text[start.upperBound...].range(of: "\n\n") {
                let parts = text[start.upperBound..<end.lowerBound].components(separatedBy: "\ndata: ")
                heard.yield(Event(name: parts[0], data: parts.count > 1 ? parts[1] : ""))
                text.removeSubrange(..<end.upperBound)
            }
        }
        heard.finish()
        _ = Glibc.close(descriptor)
    }
}
