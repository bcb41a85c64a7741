import CSpreadsheet

/// The owner of one libxlsxwriter workbook and of what it keeps pointers to. Lives and dies on the queue of its `SpreadsheetFile`.
///
/// In `constant_memory` mode each row is written to a temporary file when the next one begins, so rows must come in order.
@safe
final class Workbook {
    @safe
    private struct Sheet {
        let pointer: UnsafeMutablePointer<lxw_worksheet>
        let columns: Int
        var rows: Int
    }

    /// Excel counts days from 1899-12-30 (with a 29 February 1900 that never was): 1970-01-01 is day 25,569.
    private static let dayOf1970 = 25_569
    /// 1 March 1900: from here on that day does not matter.
    private static let firstDay = -25_508
    private static let daySeconds = 86_400.0
    /// 2000-01-01T00:00:00Z. The time of writing would make two files of the same content differ.
    private static let createdSeconds = 946_684_800

    private var book: UnsafeMutablePointer<lxw_workbook>?
    private let temporaryFolder: UnsafeMutablePointer<CChar>
    private var sheets: [Sheet] = []
    private var formats: [SheetStyle: UnsafeMutablePointer<lxw_format>] = unsafe [:]

    /// Opens a workbook that `close` writes to `path`; its temporary files lie in `folder` and have no name there.
    init(path: String, folder: String, title: String) throws(SpreadsheetFailure) {
        guard let folderCopy = unsafe strdup(folder) else { throw .file(errno: ENOMEM) }
        unsafe temporaryFolder = unsafe folderCopy
        var options = unsafe lxw_workbook_options()
        unsafe options.constant_memory = 1
        unsafe options.tmpdir = unsafe folderCopy
        unsafe book = unsafe workbook_new_opt(path, &options)
        guard unsafe book != nil else { throw Workbook.failure(LXW_ERROR_MEMORY_MALLOC_FAILED) }
        try setProperties(title)
    }

    private func setProperties(_ title: String) throws(SpreadsheetFailure) {
        guard let text = unsafe strdup(title) else { throw .file(errno: ENOMEM) }
        var properties = unsafe lxw_doc_properties()
        unsafe properties.title = unsafe text
        unsafe properties.created = Workbook.createdSeconds
        let code = unsafe workbook_set_properties(book, &properties)
        unsafe free(text)
        try Workbook.check(code)
    }

    /// Adds a sheet. One with columns has them as its first row, bold and frozen.
    func addSheet(_ name: String, columns: [SheetColumn], isHeadingShown: Bool) throws(SpreadsheetFailure) -> Int {
        guard sheets.count < SheetLimits.sheetsMax else { throw .tooLarge }
        try Workbook.check(unsafe workbook_validate_sheet_name(book, name))
        guard let pointer = unsafe workbook_add_worksheet(book, name) else { throw Workbook.failure(LXW_ERROR_CREATING_TMPFILE) }
        unsafe sheets.append(Sheet(pointer: pointer, columns: columns.count, rows: 0))
        for (index, column) in columns.enumerated() {
            let place = lxw_col_t(index)
            try Workbook.check(unsafe worksheet_set_column(pointer, place, place, column.width, nil))
        }
        let index = sheets.count - 1
        if isHeadingShown {
            try append(columns.map { StyledCell(.text($0.heading), .bold) }, to: index)
            unsafe worksheet_freeze_panes(pointer, 1, 0)
        }
        return index
    }

    func append(_ row: [StyledCell], to sheet: Int) throws(SpreadsheetFailure) {
        let place = sheets[sheet].rows
        guard place < SheetLimits.rowsMax else { throw .tooLarge }
        for (column, cell) in row.enumerated() {
            try write(cell, row: lxw_row_t(place), column: lxw_col_t(column), to: sheet)
        }
        sheets[sheet].rows = place + 1
    }

    private func write(_ styled: StyledCell, row: lxw_row_t, column: lxw_col_t, to sheet: Int) throws(SpreadsheetFailure) {
        let pointer = unsafe sheets[sheet].pointer
        switch styled.cell {
        case .empty: return
        case .text(let text):
            if text.isEmpty { return }
            try Workbook.check(unsafe worksheet_write_string(pointer, row, column, Workbook.cleaned(text), format(styled.style)))
        case .number(let number):
            try Workbook.check(unsafe worksheet_write_number(pointer, row, column, number, format(styled.style)))
        case .day(let days):
            if days < Workbook.firstDay { return }
            try Workbook.check(unsafe worksheet_write_number(pointer, row, column, Double(days + Workbook.dayOf1970), format(styled.style)))
        case .instant(let seconds):
            let days = seconds / Workbook.daySeconds + Double(Workbook.dayOf1970)
            try Workbook.check(unsafe worksheet_write_number(pointer, row, column, days, format(styled.style)))
        case .flag(let flag):
            try Workbook.check(unsafe worksheet_write_boolean(pointer, row, column, flag ? 1 : 0, format(styled.style)))
        }
    }

    /// The filter of a sheet's heading, over all its rows.
    func filter(_ sheet: Int) throws(SpreadsheetFailure) {
        let (rows, columns) = (sheets[sheet].rows, sheets[sheet].columns)
        guard rows > 0, columns > 0 else { return }
        try Workbook.check(unsafe worksheet_autofilter(sheets[sheet].pointer, 0, 0, lxw_row_t(rows - 1), lxw_col_t(columns - 1)))
    }

    /// Writes the file. The workbook is gone afterwards, whatever the answer.
    func close() throws(SpreadsheetFailure) {
        guard let open = unsafe book else { throw .closed }
        unsafe book = nil
        try Workbook.check(unsafe workbook_close(open))
    }

    private func format(_ style: SheetStyle) -> UnsafeMutablePointer<lxw_format>? {
        if style == .plain { return nil }
        if let known = unsafe formats[style] { return unsafe known }
        guard let made = unsafe workbook_add_format(book) else { return nil }
        if let number = style.numberFormat { unsafe format_set_num_format(made, number) }
        if style.isBold { unsafe format_set_bold(made) }
        switch style.tone {
        case .none: break
        case .good: unsafe format_set_font_color(made, lxw_color_t(LXW_COLOR_GREEN.rawValue))
        case .bad: unsafe format_set_font_color(made, lxw_color_t(LXW_COLOR_RED.rawValue))
        }
        unsafe formats[style] = unsafe made
        return unsafe made
    }

    /// Without what XML 1.0 cannot hold and what would end a C string, and no longer than a cell may be.
    private static func cleaned(_ text: String) -> String {
        let isFine = text.utf8.count <= SheetLimits.textLengthMax && !text.utf8.contains { $0 == 0 || $0 == 0xEF }
        if isFine { return text }
        var (cleaned, length) = (String.UnicodeScalarView(), 0)
        for scalar in text.unicodeScalars {
            length += scalar.value > 0xFFFF ? 2 : 1
            if length > SheetLimits.textLengthMax { break }
            cleaned.append([0, 0xFFFE, 0xFFFF].contains(scalar.value) ? "\u{FFFD}" : scalar)
        }
        return String(cleaned)
    }

    private static func check(_ code: lxw_error) throws(SpreadsheetFailure) {
        if code != LXW_NO_ERROR { throw failure(code) }
    }

    private static func failure(_ code: lxw_error) -> SpreadsheetFailure {
        let words = unsafe lxw_strerror(code).map { unsafe String(cString: $0) } ?? ""
        return .library(code: Int(code.rawValue), words: words)
    }

    deinit {
        if let open = unsafe book { unsafe lxw_workbook_free(open) }
        unsafe free(temporaryFolder)
    }
}
