import Foundation

/// One request by `/usr/bin/curl`, as a client that is not ours sees the shop.
struct Curl {
    let exitCode: Int32
    let status: Int
    let headers: String
    let body: [UInt8]

    /// Waits for curl without holding a thread.
    static func get(_ address: String, _ options: [String] = []) async throws -> Curl {
        let folder = FileManager.default.temporaryDirectory.appending(path: "demoshop-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let head = folder.appending(path: "head")
        let body = folder.appending(path: "body")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/curl")
        process.arguments = ["-s", "-m", "30", "-D", head.path(), "-o", body.path()] + options + [address]
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in continuation.resume() }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        let headers = (try? String(contentsOf: head, encoding: .utf8)) ?? ""
        let words = headers.split(separator: "\r\n").last { $0.hasPrefix("HTTP/") }?.split(separator: " ") ?? []
        return Curl(
            exitCode: process.terminationStatus, status: words.count > 1 ? Int(words[1]) ?? 0 : 0, headers: headers,
            body: Array((try? Data(contentsOf: body)) ?? Data()))
    }

    var text: String { String(decoding: body, as: UTF8.self) }
}
