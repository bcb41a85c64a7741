/// PostgreSQL's text of an array: `{1,NULL,"with \"quotes\" and \\"}` (manual 8.15.2 and 8.15.6).
enum ArrayLiteral {
    static func text<Element: PostgresValue>(of array: [Element]) -> String {
        var text = "{"
        for (index, element) in array.enumerated() {
            if index > 0 { text += "," }
            guard let item = element.postgresText else {
                text += "NULL"
                continue
            }
            if Element.isQuotedInArray { appendQuoted(item, to: &text) } else { text += item }
        }
        text += "}"
        return text
    }

    private static func appendQuoted(_ item: String, to text: inout String) {
        text += "\""
        if item.utf8.contains(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
            for scalar in item.unicodeScalars {
                if scalar == "\"" || scalar == "\\" { text += "\\" }
                text.unicodeScalars.append(scalar)
            }
        } else {
            text += item
        }
        text += "\""
    }

    static func decode<Element: PostgresValue>(_ text: Span<UInt8>) -> [Element]? {
        var position = 0
        skipBounds(text, &position)
        guard position < text.count, text[position] == UInt8(ascii: "{"), text[text.count - 1] == UInt8(ascii: "}") else { return nil }
        position += 1
        var elements: [Element] = []
        guard position < text.count - 1 else { return elements }
        while position < text.count {
            guard let element: Element = element(text, &position) else { return nil }
            elements.append(element)
            guard position < text.count else { return nil }
            if text[position] == UInt8(ascii: "}") { return position == text.count - 1 ? elements : nil }
            guard text[position] == UInt8(ascii: ",") else { return nil }
            position += 1
        }
        return nil
    }

    /// An array that does not start at 1 has its bounds in front: `[0:2]={...}`.
    private static func skipBounds(_ text: Span<UInt8>, _ position: inout Int) {
        guard !text.isEmpty, text[0] == UInt8(ascii: "[") else { return }
        while position < text.count, text[position] != UInt8(ascii: "=") { position += 1 }
        position += 1
    }

    private static func element<Element: PostgresValue>(_ text: Span<UInt8>, _ position: inout Int) -> Element? {
        guard position < text.count else { return nil }
        if text[position] == UInt8(ascii: "\"") {
            guard let item = quoted(text, &position) else { return nil }
            return Element.decode(postgresText: item.span)
        }
        var item: [UInt8] = []
        while position < text.count, text[position] != UInt8(ascii: ","), text[position] != UInt8(ascii: "}") {
            item.append(text[position])
            position += 1
        }
        if item == Array("NULL".utf8) { return Element.postgresNull }
        return item.isEmpty ? nil : Element.decode(postgresText: item.span)
    }

    /// The element between quotes with its escapes undone; leaves the position behind the closing quote.
    private static func quoted(_ text: Span<UInt8>, _ position: inout Int) -> [UInt8]? {
        var item: [UInt8] = []
        position += 1
        while position < text.count {
            var byte = text[position]
            position += 1
            if byte == UInt8(ascii: "\"") { return item }
            if byte == UInt8(ascii: "\\") {
                guard position < text.count else { return nil }
                byte = text[position]
                position += 1
            }
            item.append(byte)
        }
        return nil
    }
}
