/// The forms that a report is taken along in.
public enum ReportFormat: String, Sendable, Hashable, CaseIterable {
    /// RFC 4180: UTF-8, commas, decimal points.
    case csv
    /// CSV as Excel opens it by a double click where the decimal mark is a comma: byte order mark, semicolons, decimal commas.
    case excelCSV = "csv-excel"
    /// One JSON object a line; money in minor units, instants in RFC 3339.
    case jsonLines = "jsonl"
    /// Office Open XML, with a second sheet of parameters and footings.
    case xlsx

    /// IANA's names (text/csv: RFC 7111).
    public var contentType: String {
        switch self {
        case .csv, .excelCSV: "text/csv; charset=utf-8; header=present"
        case .jsonLines: "application/jsonl"
        case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        }
    }

    public var fileExtension: String { self == .excelCSV ? "csv" : rawValue }
}
