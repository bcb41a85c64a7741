import Hummingbird

/// A body that is written piece by piece while it is being made.
enum StreamedBody {
    static func body(_ write: @escaping @Sendable (_ write: @escaping @Sendable ([UInt8]) async throws -> Void) async throws -> Void) -> ResponseBody {
        ResponseBody { writer in
            let (pieces, source) = RequestBody.makeStream()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    do {
                        try await write { await source.yield(ByteBuffer(bytes: $0)) }
                        source.finish()
                    } catch {
                        source.finish(error)
                    }
                }
                for try await piece in pieces { try await writer.write(piece) }
                try await group.waitForAll()
            }
            try await writer.finish(nil)
        }
    }
}
