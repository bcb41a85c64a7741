/// A number of another number, drawn: `█████░░░`.
enum Bar {
    static let width = 8

    /// Something left always shows as at least one block, something gone as at least one gap.
    static func text(_ part: Int64, of whole: Int64) -> String {
        guard whole > 0 else { return String(repeating: "░", count: width) }
        let part = min(max(part, 0), whole)
        var blocks = Int((Double(part) / Double(whole) * Double(width)).rounded())
        if part > 0 { blocks = max(blocks, 1) }
        if part < whole { blocks = min(blocks, width - 1) }
        return String(repeating: "█", count: blocks) + String(repeating: "░", count: width - blocks)
    }
}
