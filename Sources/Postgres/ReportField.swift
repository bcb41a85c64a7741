/// The fields of PostgreSQL's error report by their letters in the protocol (manual 55.8); C's names for them are macros that Swift
/// does not see.
enum ReportField: Character {
    case severity = "V"
    case sqlState = "C"
    case message = "M"
    case detail = "D"
    case hint = "H"
    case position = "P"
    case table = "t"
    case column = "c"
    case constraint = "n"

    var code: Int32 { Int32(rawValue.asciiValue ?? 0) }
}
