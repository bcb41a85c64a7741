/// How CSV is written.
public struct CSVOptions: Sendable, Hashable {
    public enum Separator: Sendable, Hashable { case comma, semicolon }
    public enum DecimalMark: Sendable, Hashable { case point, comma }

    public var separator: Separator
    public var decimalMark: DecimalMark
    /// Excel takes a file without one for the code page of the machine.
    public var hasByteOrderMark: Bool

    public init(separator: Separator = .comma, decimalMark: DecimalMark = .point, hasByteOrderMark: Bool = false) {
        self.separator = separator
        self.decimalMark = decimalMark
        self.hasByteOrderMark = hasByteOrderMark
    }

    public static let standard = CSVOptions()
    public static let europeanExcel = CSVOptions(separator: .semicolon, decimalMark: .comma, hasByteOrderMark: true)
}
