import Domain
import Postgres

/// What stands beside a row of the ledger: who, of which order and currency, and what was noted. Texts are parts of the bytes of the row's piece.
struct EntryFacts: Sendable {
    /// What never changes of a grant.
    struct Grant: Sendable {
        let currency: EntryRecord.Text
        let order: Int64?
        let line: Int64?
    }

    var agent: EntryRecord.Text?
    var grant: Grant?
    var reference: EntryRecord.Text?
    var note: EntryRecord.Text?
}

/// A piece of the export while its facts are gathered: their texts are put behind the rows.
struct EntryPiece {
    private(set) var bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func put(_ text: String) -> EntryRecord.Text {
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        return start..<bytes.count
    }
}
