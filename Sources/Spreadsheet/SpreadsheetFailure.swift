/// Why a workbook could not be written.
public enum SpreadsheetFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// libxlsxwriter refused; `words` are its own and name no content.
    case library(code: Int, words: String)
    /// The system refused a file of the workbook's folder; the number is `errno`.
    case file(errno: Int32)
    /// A sheet takes no more than `SheetLimits.rowsMax` rows, a workbook no more than `SheetLimits.sheetsMax` sheets.
    case tooLarge
    /// The workbook was finished or given up before.
    case closed

    public var description: String {
        switch self {
        case .library(let code, let words): "libxlsxwriter: \(words) (\(code))"
        case .file(let errno): "the spreadsheet's temporary file could not be used (errno \(errno))"
        case .tooLarge: "the spreadsheet would be larger than a spreadsheet may be"
        case .closed: "the spreadsheet is closed"
        }
    }
}
