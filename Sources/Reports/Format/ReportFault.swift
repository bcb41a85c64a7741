/// A report that contradicts itself, or does not go into the format. Nobody's input is at fault: the file is not finished.
public enum ReportFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// A row has another number of cells than the table has columns.
    case width(table: String, expected: Int, found: Int)
    /// A cell is not what its column holds.
    case kind(table: String, column: String)
    /// An amount is not in the currency that its row names, or the row names none.
    case currency(table: String, column: String)
    /// A spreadsheet takes no more rows than this: CSV and JSON Lines do.
    case spreadsheetRows(max: Int)
    /// The debits of a journal are not its credits.
    case unbalanced(journal: String)
    /// A journal has more lines than a file of the accounting program may have.
    case journalLines(journal: String, max: Int)

    public var description: String {
        switch self {
        case .width(let table, let expected, let found): "\(table): a row has \(found) cells, not \(expected)"
        case .kind(let table, let column): "\(table): a cell of \(column) is of another kind"
        case .currency(let table, let column): "\(table): \(column) is not in its row's currency"
        case .spreadsheetRows(let max): "a spreadsheet takes no more than \(max) rows; take CSV or JSON Lines"
        case .unbalanced(let journal): "journal \(journal) does not balance"
        case .journalLines(let journal, let max): "journal \(journal) has more than \(max) lines; take a shorter period"
        }
    }
}
