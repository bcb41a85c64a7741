import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// Streams a shop's ledger, entries and revaluations, in recording order and returns the number of rows. The server sends rows as it reads them and waits while
    /// `write` does, so the first rows come at once and memory stays flat. It sends them as it keeps them: text is made of them here, while it goes on with the
    /// next ones. What stands beside a row is asked for by the piece. When `write` throws or the task is cancelled the server is told to stop.
    public func exportEntries(
        of shop: Shop, _ filter: EntryExportFilter, write: @escaping @Sendable (EntryRecords) async throws -> Void
    ) async throws -> Int {
        let finder = try await EntryFactFinder(pool, shop: shop.id)
        let query = """
            SELECT \(EntryRecord.columns(actorsKnown: finder.actorsKnown))
              FROM \(filter.rows(shop: shop.id)) e
             ORDER BY \(filter.order.map { "e." + $0 }.joined(separator: ", "))
            """
        return try await streams.copyOut("COPY (\(query)) TO STDOUT (FORMAT binary, ENCODING 'UTF8')", chunkBytesMin: Store.exportPieceBytes) { piece in
            try await write(try await finder.records(piece))
        }
    }

    /// Some hundred rows: each piece costs two questions for what stands beside them.
    private static let exportPieceBytes = 256 * 1024
}
