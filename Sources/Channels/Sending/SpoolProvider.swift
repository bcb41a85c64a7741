import Dispatch
import Domain
import Foundation
import Store

/// The honest provider until there are others: each message is a file in a folder, `<shop>/<id>.eml` for e-mail and `<id>.json` for the rest.
///
/// A file is whole or not there, and the same message overwrites itself. Works on a queue of its own, never on Swift's threads.
public struct SpoolProvider: MessageProvider {
    public let kind = "spool"
    public let place: String
    private let queue = DispatchQueue(label: "spool", qos: .utility)

    public init(folder: String) { place = folder }

    public func send(_ message: SendingMessage) async throws -> ProviderAnswer {
        let folder = URL(fileURLWithPath: place).appendingPathComponent(message.shopSlug)
        let file = folder.appendingPathComponent(message.messageID + (message.channel == .email ? ".eml" : ".json"))
        let bytes = message.channel == .email ? MailText(message: message).bytes : Self.json(message)
        return await withCheckedContinuation { continuation in
            queue.async {
                do {
                    try Self.write(bytes, to: file, in: folder)
                    continuation.resume(returning: .accepted(id: message.messageID))
                } catch {
                    continuation.resume(returning: .tryAgain(reason: "the spool folder cannot be written: \(Self.short(error))"))
                }
            }
        }
    }

    /// To a file beside it, to the disk, then under its name.
    private static func write(_ bytes: [UInt8], to file: URL, in folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let part = file.appendingPathExtension("part")
        guard FileManager.default.createFile(atPath: part.path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
            throw CocoaError(.fileWriteNoPermission)
        }
        let handle = try FileHandle(forWritingTo: part)
        try handle.write(contentsOf: Data(bytes))
        try handle.synchronize()
        try handle.close()
        guard unsafe rename(part.path, file.path) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }

    private static func short(_ error: any Error) -> String { String("\(error.localizedDescription)".prefix(120)) }

    private static func json(_ message: SendingMessage) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("id", message.messageID)
            json.field("channel", message.channel.rawValue)
            json.field("to", message.to)
            json.field("text", message.body)
            json.field("segments", Int64(message.segments ?? 1))
            json.field("shop", message.shopSlug)
            json.field("ticket", message.claim.ticket.rawValue)
            json.field("created_at", Timestamp.text(message.claim.createdAt))
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }
}
