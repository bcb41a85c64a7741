/// How wide text is on a terminal, and texts of others made harmless for one.
enum TextWidth {
    static func of(_ text: String) -> Int { text.reduce(0) { $0 + width($1) } }

    /// At most so wide; what was cut off shows as `…`.
    static func cut(_ text: String, to widthMax: Int) -> String {
        guard of(text) > widthMax else { return text }
        var cut = ""
        var width = 0
        for character in text {
            width += self.width(character)
            if width > widthMax - 1 { break }
            cut.append(character)
        }
        return cut + "…"
    }

    /// Names come from the shop: control characters in them (escape codes, newlines) become spaces.
    static func plain(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? " " : $0 }))
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || (0x202A...0x202E).contains(scalar.value)
            || (0x2066...0x2069).contains(scalar.value)
    }

    /// Source: Unicode Standard Annex 11, the wide blocks that people write in.
    private static func width(_ character: Character) -> Int {
        guard let value = character.unicodeScalars.first?.value else { return 0 }
        let isWide = (0x1100...0x115F).contains(value) || (0x2E80...0xA4CF).contains(value) || (0xAC00...0xD7A3).contains(value)
            || (0xF900...0xFAFF).contains(value) || (0xFE30...0xFE6F).contains(value) || (0xFF00...0xFF60).contains(value)
            || (0x1F300...0x1FAFF).contains(value) || (0x20000...0x3FFFD).contains(value)
        return isWide ? 2 : 1
    }
}
