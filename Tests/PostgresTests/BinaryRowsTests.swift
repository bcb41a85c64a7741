import Postgres
import Synchronization
import TestSupport
import Testing

@Suite struct BinaryRowsTests {
    @Test("every type comes out as the server keeps it, NULL and infinities too, over many pieces")
    func types() async throws {
        let database = try await TestServer.shared.createDatabase()
        let rows = Mutex(0)
        let isFirst = Mutex(true)
        let count = try await database.pool.copyOut(
            """
            COPY (SELECT n::bigint, CASE WHEN n % 2 = 0 THEN -n::integer END, 'ž' || n, NULL::text, '2000-01-01T00:00:00.000001Z'::timestamptz,
                         CASE WHEN n % 2 = 0 THEN 'infinity' ELSE '-infinity' END::timestamptz, ''
                    FROM generate_series(1, 20000) n) TO STDOUT (FORMAT binary)
            """, chunkBytesMin: 1_000
        ) { piece in
            let first = isFirst.withLock { first in
                defer { first = false }
                return first
            }
            var reader = try BinaryRows(piece, isFirst: first)
            while try reader.nextRow() {
                let n = rows.withLock { $0 += 1; return $0 }
                #expect(try reader.int64() == Int64(n))
                #expect(try reader.int32() == (n.isMultiple(of: 2) ? Int32(-n) : nil))
                #expect(try reader.text().map { String(decoding: piece[$0], as: UTF8.self) } == "ž\(n)")
                #expect(try reader.text() == nil)
                #expect(try reader.microseconds() == 946_684_800_000_001)
                #expect(try reader.microseconds() == (n.isMultiple(of: 2) ? Int64.max : .min))
                if n.isMultiple(of: 3) { try reader.skipRow() } else { #expect(try reader.text()?.isEmpty == true) }
            }
        }
        #expect(count == 20_000 && rows.withLock { $0 } == 20_000)
        await database.drop()
    }

    @Test("what is not in the format, cut short, or read as what it is not, throws")
    func refused() async throws {
        let database = try await TestServer.shared.createDatabase()
        let pieces = Mutex<[[UInt8]]>([])
        try await database.pool.copyOut("COPY (SELECT 1::bigint, 'x') TO STDOUT (FORMAT binary)") { piece in pieces.withLock { $0.append(piece) } }
        let piece = pieces.withLock { Array($0.joined()) }
        #expect(throws: PostgresError.self) { try BinaryRows(Array("1\tx\n".utf8), isFirst: true) }
        #expect(throws: PostgresError.self) { try BinaryRows(Array(piece.prefix(15)), isFirst: true) }
        func reader(_ bytes: [UInt8]) throws -> BinaryRows {
            var reader = try BinaryRows(bytes, isFirst: true)
            #expect(try reader.nextRow())
            return reader
        }
        #expect(throws: PostgresError.self) { var cut = try reader(Array(piece.prefix(30))); _ = try cut.int64() }
        #expect(throws: PostgresError.self) { var other = try reader(piece); _ = try other.int32() }
        #expect(throws: PostgresError.self) { var early = try reader(piece); _ = try early.nextRow() }
        #expect(throws: PostgresError.self) {
            var late = try reader(piece)
            _ = (try late.int64(), try late.text())
            _ = try late.text()
        }
        await database.drop()
    }
}
