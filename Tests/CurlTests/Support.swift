import Curl
import Foundation
import Logging
import Testing

let quiet = Logger(label: "curl-tests") { _ in SwiftLogNoOpLogHandler() }

func makeClient(
    limits: TransferLimits = TransferLimits(), tls: TLSOptions = TLSOptions(), connectionsMax: Int = 16, waitersMax: Int = 1_000
) -> HTTPClient {
    HTTPClient(
        userAgent: "SupportMeter/test", limits: limits, tls: tls, connectionsMax: connectionsMax, waitersMax: waitersMax,
        logger: quiet)
}

/// The failure of a request that must fail.
func failure(_ client: HTTPClient, _ request: HTTPRequest, limits: TransferLimits? = nil) async throws -> HTTPFailure {
    let error = await #expect(throws: HTTPFailure.self) { _ = try await client.send(request, limits: limits) }
    return try #require(error)
}

func failure(_ url: String, limits: TransferLimits = TransferLimits(), tls: TLSOptions = TLSOptions()) async throws -> HTTPFailure {
    try await failure(makeClient(limits: limits, tls: tls), HTTPRequest(url: url))
}

extension HTTPResponse {
    var text: String { String(decoding: body, as: UTF8.self) }
}

struct CommandFailed: Error {
    let command: String
    let output: String
}

/// Runs a command to its end and returns what it wrote to standard output.
@discardableResult
func run(_ command: String, in folder: URL) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-ec", command]
    process.currentDirectoryURL = folder
    let output = Pipe()
    let errors = folder.appending(path: "errors-\(UUID().uuidString)")
    try Data().write(to: errors)
    let errorHandle = try FileHandle(forWritingTo: errors)
    process.standardOutput = output
    process.standardError = errorHandle
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        throw CommandFailed(command: command, output: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
    }
    return Array(data)
}

/// A folder that goes with its owner.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "curl-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }
}
