/// SVG being written: elements and attributes, every value escaped.
struct SVGText {
    private(set) var text = ""

    /// An element with nothing in it.
    mutating func leaf(_ name: String, _ attributes: KeyValuePairs<String, String>, title: String? = nil) {
        if let title {
            element(name, attributes) { $0.words("title", [:], title) }
        } else {
            open(name, attributes)
            text += "/>\n"
        }
    }

    mutating func element(_ name: String, _ attributes: KeyValuePairs<String, String>, _ content: (inout SVGText) -> Void) {
        open(name, attributes)
        text += ">\n"
        content(&self)
        text += "</\(name)>\n"
    }

    /// An element that holds words.
    mutating func words(_ name: String, _ attributes: KeyValuePairs<String, String>, _ words: String) {
        open(name, attributes)
        text += ">\(SVGText.escaped(words))</\(name)>\n"
    }

    private mutating func open(_ name: String, _ attributes: KeyValuePairs<String, String>) {
        text += "<\(name)"
        for (key, value) in attributes where !value.isEmpty { text += " \(key)=\"\(SVGText.escaped(value))\"" }
    }

    /// With a single decimal, so that the text is short and the same everywhere.
    static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        let (whole, rest) = (abs(tenths) / 10, abs(tenths) % 10)
        return (tenths < 0 ? "-" : "") + (rest == 0 ? String(whole) : "\(whole).\(rest)")
    }

    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            // A page's template may hold the drawing: nothing in it is a tag of the template.
            case "{": escaped += "&#123;"
            case "}": escaped += "&#125;"
            case "\t", "\n", "\r": escaped += " "
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
