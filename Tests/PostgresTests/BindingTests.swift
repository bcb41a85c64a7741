import Postgres
import TestSupport
import Testing

@Suite struct BindingTests {
    @Test("what is interpolated is bound and never becomes part of the statement")
    func interpolationBinds() async throws {
        let hostile = ["'; DROP TABLE ticket; --", "$1", "\\'; SELECT 1", "\"", "€ 🎟️ \u{200F}", "", "line\nbreak\ttab", "NULL"]
        let database = try await TestServer.shared.createDatabase()
        for text in hostile {
            let back = try await database.pool.read { connection in
                try connection.queryOne("SELECT \(text)::text, '$1 '' ' || \(text)::text") { row in
                    (try row.next(String.self), try row.next(String.self))
                }
            }
            #expect(back?.0 == text)
            #expect(back?.1 == "$1 ' " + text)
        }
        await database.drop()
    }

    @Test("a nested statement keeps its parameters and their numbers move up")
    func nesting() {
        let condition: SQL = "channel = \("sms") AND quantity > \(3)"
        let sql: SQL = "SELECT * FROM \(raw: "entry") WHERE shop = \(7) AND (\(sql: condition)) LIMIT \(10)"
        #expect(sql.text == "SELECT * FROM entry WHERE shop = $1 AND (channel = $2 AND quantity > $3) LIMIT $4")
        let joined = (["a = \(1)", "b = \(2)"] as [SQL]).joined(separator: " AND ")
        #expect(joined.text == "a = $1 AND b = $2")
    }

    @Test("quoted literals and identifiers survive whatever is in them")
    func quoting() async throws {
        let database = try await TestServer.shared.createDatabase()
        for text in ["it's", "back\\slash'", "\\", "plain", "“Čšž”"] {
            let back = try await database.pool.read { connection in
                try connection.queryOne(SQL(raw: "SELECT \(SQL.quoteLiteral(text)) AS \(SQL.quoteIdentifier("a \"b\" \(text)"))")) { row in
                    (try row.value("a \"b\" \(text)", as: String.self))
                }
            }
            #expect(back == text)
        }
        await database.drop()
    }

    @Test("text with a NUL byte is refused before it reaches libpq")
    func nulByte() async throws {
        let database = try await TestServer.shared.createDatabase()
        let error = await #expect(throws: PostgresError.self) {
            try await database.pool.read { try $0.execute("SELECT \("secret\0tail")::text") }
        }
        #expect(error?.kind == .encoding)
        #expect(error?.description.contains("$1") == true)
        #expect(error?.debugDescription.contains("secret") == false)
        await database.drop()
    }
}
