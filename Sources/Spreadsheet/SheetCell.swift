/// What a cell of a sheet holds.
public enum SheetCell: Sendable, Hashable {
    case empty
    /// Text stays text, also when it looks like a formula. More than `SheetLimits.textLengthMax` is cut.
    case text(String)
    case number(Double)
    /// A day as a date of the spreadsheet, counted in days since 1970-01-01. Days before 1 March 1900 have no such date and are left empty.
    case day(Int)
    /// An instant, in seconds since 1970-01-01T00:00:00Z, shown in UTC.
    case instant(Double)
    case flag(Bool)
}

/// A cell and how it is shown.
public struct StyledCell: Sendable, Hashable {
    public let cell: SheetCell
    public let style: SheetStyle

    public init(_ cell: SheetCell, _ style: SheetStyle = .plain) {
        self.cell = cell
        self.style = style
    }
}

/// How a cell is shown. Cells of one style share one format of the workbook.
public struct SheetStyle: Sendable, Hashable {
    public enum Tone: Sendable, Hashable { case none, good, bad }

    /// A number format in the language of the file format (ECMA-376 part 1, 18.8.31), such as `#,##0.00`; nil for the general one.
    public var numberFormat: String?
    public var isBold: Bool
    public var tone: Tone

    public init(numberFormat: String? = nil, isBold: Bool = false, tone: Tone = .none) {
        self.numberFormat = numberFormat
        self.isBold = isBold
        self.tone = tone
    }

    public static let plain = SheetStyle()
    public static let bold = SheetStyle(isBold: true)
    public static let day = SheetStyle(numberFormat: "yyyy-mm-dd")
    public static let instant = SheetStyle(numberFormat: "yyyy-mm-dd hh:mm:ss")
}

/// A column of a sheet: its heading, and its width in characters of the standard font.
public struct SheetColumn: Sendable, Hashable {
    public let heading: String
    public let width: Double

    public init(heading: String, width: Double) {
        self.heading = heading
        self.width = width
    }
}

/// What the file format allows (Microsoft, "Excel specifications and limits").
public enum SheetLimits {
    /// Rows of one sheet, its heading included.
    public static let rowsMax = 1_048_576
    /// UTF-16 units in a cell.
    public static let textLengthMax = 32_767
    /// Ours: no workbook has more sheets.
    public static let sheetsMax = 16
    /// A spreadsheet keeps numbers as binary floating point: whole numbers beyond this would change.
    public static let wholeNumberMax: Int64 = 9_007_199_254_740_992
}
