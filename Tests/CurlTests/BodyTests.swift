import Curl
import Foundation
import Testing

@Suite(.timeLimit(.minutes(2)))
struct BodyTests {
    static func gzipServer(_ compressed: [UInt8]) throws -> MisbehavingServer {
        try MisbehavingServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(compressed.count)\r\n\r\n")
            connection.write(compressed)
        }
    }

    @Test("gzip is decoded")
    func gzip() async throws {
        let folder = try TemporaryFolder()
        let server = try Self.gzipServer(run("printf '{\"id\": 7}' | gzip", in: folder.url))
        #expect(try await makeClient().send(HTTPRequest(url: server.url)).text == #"{"id": 7}"#)
    }

    @Test("the body limit counts decoded bytes, so that a small gzip bomb stays small")
    func bomb() async throws {
        let folder = try TemporaryFolder()
        let bomb = try run("head -c 300000000 /dev/zero | gzip -1", in: folder.url)
        #expect(bomb.count < 3_000_000)
        let server = try Self.gzipServer(bomb)
        let before = try residentBytesPeak()
        #expect(try await failure(server.url, limits: TransferLimits(bodyBytesMax: 4 << 20)).reason == .bodyTooLarge(limit: 4 << 20))
        #expect(try residentBytesPeak() - before < 150 << 20)
    }

    @Test("an endless body is cut off at the limit, and the server is left soon after", arguments: [true, false])
    func endless(chunked: Bool) async throws {
        let server = try MisbehavingServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n" + (chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n"))
            let data = [UInt8](repeating: 65, count: 65_536)
            while (!chunked || connection.write("10000\r\n")) && connection.write(data) && (!chunked || connection.write("\r\n")) {}
        }
        #expect(try await failure(server.url, limits: TransferLimits(bodyBytesMax: 1 << 20)).reason == .bodyTooLarge(limit: 1 << 20))
        await server.waitForEndedConnections(1)
        #expect(server.bytesWritten < 32 << 20)
    }

    @Test("a length beyond the limit is refused before the body comes; a body of exactly the limit is fine")
    func length() async throws {
        let server = try MisbehavingServer { connection in
            guard let request = connection.readRequest() else { return }
            if request.path == "/exact" { connection.answer(body: String(repeating: "x", count: 1_000)) } else {
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n")
                connection.waitUntilClientLeaves()
            }
        }
        let limits = TransferLimits(bodyBytesMax: 1_000)
        #expect(try await makeClient(limits: limits).send(HTTPRequest(url: server.url + "/exact")).body.count == 1_000)
        #expect(try await failure(server.url + "/more", limits: limits).reason == .bodyTooLarge(limit: 1_000))
    }

    @Test("the unseen body of a redirect counts too")
    func redirectBody() async throws {
        let server = try MisbehavingServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 302 Found\r\nLocation: /next\r\nTransfer-Encoding: chunked\r\n\r\n")
            let data = String(repeating: "A", count: 65_536)
            while connection.write("10000\r\n" + data + "\r\n") {}
        }
        #expect(try await failure(server.url, limits: TransferLimits(bodyBytesMax: 1 << 20)).reason == .bodyTooLarge(limit: 1 << 20))
    }

    @Test("endless headers are cut off, many lines as well as one long one", arguments: ["X-Line: 1\r\n", "X-Very-Long"])
    func headers(piece: String) async throws {
        let server = try MisbehavingServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n")
            let data = Array(String(repeating: piece, count: 1_000).utf8)
            while connection.write(data) {}
        }
        #expect(try await failure(server.url).reason == .headersTooLarge)
        #expect(try await failure(server.url, limits: TransferLimits(headerBytesMax: 1 << 30)).reason == .headersTooLarge)
    }

    @Test("a body that is not gzip though it says so is told apart")
    func garbled() async throws {
        let server = try Self.gzipServer(Array("this is not gzip at all".utf8))
        #expect(try await failure(server.url).reason == .garbledBody)
    }

    /// The most memory the process has had resident, in bytes.
    private func residentBytesPeak() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(Int(line.filter(\.isNumber))) * 1_024
    }
}
