import FoundationEssentials
import Postgres
import TestSupport
import Testing

private struct TicketID: RawRepresentable, Equatable, PostgresValue {
    var rawValue: Int64
}

private enum Channel: String, PostgresValue {
    case email, sms
}

@Suite struct ValueTests {
    private func roundTrip<T: PostgresValue & Equatable>(_ values: [T], as type: String) async throws {
        let database = try await TestServer.shared.createDatabase(connectionsMax: 1)
        for value in values {
            let back = try await database.pool.read { connection in
                try connection.queryOne("SELECT \(value)::\(raw: type) AS it") { try $0.next(T.self) }
            }
            #expect(back == .some(value), "\(T.self)")
        }
        await database.drop()
    }

    @Test("numbers and truth values come back as they went")
    func numbers() async throws {
        try await roundTrip([true, false], as: "boolean")
        try await roundTrip([Int16.min, 0, .max], as: "smallint")
        try await roundTrip([Int32.min, -1, .max], as: "integer")
        try await roundTrip([Int64.min, -10, 0, 9, .max], as: "bigint")
        try await roundTrip([Int.min, .max], as: "bigint")
        try await roundTrip([0.1, -1e300, 2.5e-308, .infinity, -.infinity, 1 / 3], as: "double precision")
    }

    @Test("texts, bytes, UUIDs and types over them come back as they went")
    func texts() async throws {
        try await roundTrip(["", "Čšž 🎟️ \u{1F468}\u{200D}\u{1F469}", "{a,\"b\"}"], as: "text")
        try await roundTrip([[], [0, 1, 127, 128, 255], Array("\\x".utf8)] as [[UInt8]], as: "bytea")
        try await roundTrip([UUID(), UUID()], as: "uuid")
        try await roundTrip([TicketID(rawValue: 1042)], as: "bigint")
        try await roundTrip([Channel.email, .sms], as: "text")
        try await roundTrip([nil, "x"] as [String?], as: "text")
        try await roundTrip([nil, TicketID(rawValue: 1)] as [TicketID?], as: "bigint")
    }

    @Test("instants come back to the microsecond, from antiquity to infinity")
    func dates() async throws {
        let instants = [-62_135_596_799.5, -978_307_200, -0.000_001, 0, 0.5, 785_000_000.123_456, 60_000_000_000]
        let dates = instants.map { Date(timeIntervalSinceReferenceDate: $0) } + [Date.distantPast, .distantFuture]
        let database = try await TestServer.shared.createDatabase(connectionsMax: 1)
        for date in dates {
            let back = try await database.pool.read { try $0.queryOne("SELECT \(date)::timestamptz") { try $0.next(Date.self) } }
            let difference = try abs(#require(back).timeIntervalSince(date))
            #expect(difference < 0.000_02, "\(date)")
        }
        await database.drop()
    }

    @Test("every day of 800 years is read as PostgreSQL counts it")
    func calendar() async throws {
        let database = try await TestServer.shared.createDatabase(connectionsMax: 1)
        let wrong = try await database.pool.read { connection in
            let days: SQL = "SELECT ('1700-01-01'::date + n)::timestamptz + '1.25 s', n FROM generate_series(0, 292000, 7) n"
            let start = -9_498_643_200.0 + 1.25
            return try connection.query(days) { row in
                let (date, number) = (try row.next(Date.self), try row.next(Int.self))
                let isRight = date.timeIntervalSinceReferenceDate == start + Double(number) * 86_400
                let isSame = date.postgresText.map { $0.hasSuffix("00:00:01.250000+00") } == true
                return isRight && isSame ? nil : number
            }.compactMap { $0 }
        }
        #expect(wrong.isEmpty)
        let text = Date(timeIntervalSinceReferenceDate: 785_000_000.123_456).postgresText
        #expect(text == "2025-11-16 15:33:20.123456+00")
        let oldest = try await database.pool.read { try $0.queryOne("SELECT '0044-03-15 BC'::date") { try $0.next(Date.self) } }
        #expect(oldest?.timeIntervalSinceReferenceDate == -64_496_131_200)
        await database.drop()
    }

    @Test("arrays come back with NULLs, quotes, backslashes and anything else in them")
    func arrays() async throws {
        try await roundTrip([[], [1, -2, .max]] as [[Int64]], as: "bigint[]")
        try await roundTrip([[nil, 1, nil]] as [[Int64?]], as: "bigint[]")
        let texts = ["", "NULL", "null", "a,b", "{}", "\"", "\\", "\\\"", " space ", "č🎟️", "'", "line\nbreak"]
        try await roundTrip([texts, []], as: "text[]")
        try await roundTrip([texts.flatMap { [$0, nil] }] as [[String?]], as: "text[]")
        try await roundTrip([[[], [92, 0, 255]]] as [[[UInt8]]], as: "bytea[]")
        try await roundTrip([[true, nil, false]] as [[Bool?]], as: "boolean[]")
        try await roundTrip([[0.5, .infinity]] as [[Double]], as: "double precision[]")
        try await roundTrip([[UUID(), UUID()]], as: "uuid[]")
        try await roundTrip([[.distantFuture, Date(timeIntervalSinceReferenceDate: 0.25)]] as [[Date]], as: "timestamptz[]")
        try await roundTrip([[TicketID(rawValue: 3)]], as: "bigint[]")
        try await roundTrip([[1, 2]] as [[Int32]], as: "integer[][]")
    }

    @Test("an array that does not begin at 1 is read as well, one that is torn is not")
    func oddArrays() {
        #expect([Int].decode(postgresText: Array("[0:1]={5,6}".utf8).span) == [5, 6])
        for torn in ["", "{", "{1", "{1,", "{1,}", "{,}", "{\"a}", "1,2", "[0:1]", "{1}2", "{{1},{2}}"] {
            #expect([Int].decode(postgresText: Array(torn.utf8).span) == nil, "\(torn)")
        }
        for torn in ["", "-", "2026-", "2026-13-01", "2026-01-01 1", "2026-01-01 00:00:00.1234567", "x"] {
            #expect(Date.decode(postgresText: Array(torn.utf8).span) == nil, "\(torn)")
        }
        #expect(Int16.decode(postgresText: Array("32768".utf8).span) == nil)
        #expect(Int64.decode(postgresText: Array("9223372036854775808".utf8).span) == nil)
        #expect(Date.decode(postgresText: Array("2001-01-01 01:30:00+01:30".utf8).span)?.timeIntervalSinceReferenceDate == 0)
    }
}
