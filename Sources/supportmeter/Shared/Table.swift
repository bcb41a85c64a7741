/// Rows for people: aligned columns, numbers to the right; on a terminal cut to its width, with bold titles.
struct Table {
    struct Column {
        let title: String
        var isNumber = false
        /// Gives way when the rows are wider than the screen.
        var isFlexible = false
    }

    let columns: [Column]
    private(set) var rows: [[String]] = []

    init(_ columns: [Column]) { self.columns = columns }

    mutating func add(_ cells: String...) { rows.append(cells) }
    mutating func add(cells: [String]) { rows.append(cells) }

    private static let gap = "  "
    private static let flexibleWidthMin = 8

    func text(_ screen: Screen) -> String {
        let widths = fitted(screen)
        var text = line(columns.map(\.title), widths)
        if screen.hasColour { text = "\u{1B}[1m\(text)\u{1B}[0m" }
        return ([text] + rows.map { line($0, widths) }).joined(separator: "\n")
    }

    func print(_ screen: Screen) { Output.line(text(screen)) }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var parts: [String] = []
        for (index, column) in columns.enumerated() {
            let cell = TextWidth.cut(TextWidth.plain(index < cells.count ? cells[index] : ""), to: widths[index])
            let pad = String(repeating: " ", count: widths[index] - TextWidth.of(cell))
            parts.append(column.isNumber ? pad + cell : cell + pad)
        }
        var line = parts.joined(separator: Table.gap)
        while line.hasSuffix(" ") { line.removeLast() }
        return line
    }

    private func fitted(_ screen: Screen) -> [Int] {
        var widths = columns.indices.map { index in
            rows.reduce(TextWidth.of(columns[index].title)) { max($0, index < $1.count ? TextWidth.of(TextWidth.plain($1[index])) : 0) }
        }
        guard let most = screen.columns else { return widths }
        var excess = widths.reduce(0, +) + Table.gap.count * (columns.count - 1) - most
        while excess > 0 {
            let flexible = columns.indices.filter { columns[$0].isFlexible && widths[$0] > Table.flexibleWidthMin }
            guard let widest = flexible.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }
}
