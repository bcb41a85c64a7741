import Postgres
import Store

extension Store {
    /// Folds until nothing of the ledger is left; again, while other transactions of the server are as old as the last look.
    public func foldAll() async throws {
        let isLeft: SQL = "SELECT EXISTS (SELECT FROM shop s LEFT JOIN ledger_fold f USING (shop_id), entry_entry_id_seq q WHERE q.is_called AND coalesce(f.folded_through, 0) < q.last_value)"
        repeat { _ = try await foldLedger() } while try await pool.read { try $0.queryOne(isLeft) { try $0.next(Bool.self) } } == true
    }
}
