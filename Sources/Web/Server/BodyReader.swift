import Hummingbird
import NIOCore

/// Collects a request's body within its route's limit.
enum BodyReader {
    static func collect(_ request: Request, bytesMax: Int) async throws -> [UInt8] {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > bytesMax {
            throw Problem.bodyTooLarge(bytesMax: bytesMax)
        }
        var bytes: [UInt8] = []
        var parts = request.body.makeAsyncIterator()
        while let part = try await next(&parts) {
            guard bytes.count + part.readableBytes <= bytesMax else { throw Problem.bodyTooLarge(bytesMax: bytesMax) }
            bytes.append(contentsOf: part.readableBytesView)
        }
        return bytes
    }

    private static func next(_ parts: inout RequestBody.AsyncIterator) async throws -> ByteBuffer? {
        do { return try await parts.next() } catch { throw BodyFault(underlying: error) }
    }
}

/// The connection failed while a body was read. Hummingbird has the answer to that, not a handler.
struct BodyFault: Error {
    let underlying: any Error
}
