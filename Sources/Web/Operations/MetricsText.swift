/// Prometheus' text format, version 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/).
struct MetricsText {
    enum Kind: String { case counter, gauge, histogram }

    private(set) var text = ""
    private var name = ""

    mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    mutating func sample(_ suffix: String = "", _ labels: [(String, String)] = [], _ value: Int) { line(suffix, labels, String(value)) }
    mutating func sample(_ suffix: String = "", _ labels: [(String, String)] = [], _ value: Double) { line(suffix, labels, String(value)) }

    /// A family of one sample.
    mutating func gauge(_ name: String, _ value: Int, _ help: String) {
        family(name, .gauge, help)
        sample("", [], value)
    }

    mutating func counter(_ name: String, _ value: Int, _ help: String) {
        family(name, .counter, help)
        sample("", [], value)
    }

    private mutating func line(_ suffix: String, _ labels: [(String, String)], _ value: String) {
        text += name + suffix
        if !labels.isEmpty { text += "{" + labels.map { "\($0.0)=\"\(MetricsText.escaped($0.1))\"" }.joined(separator: ",") + "}" }
        text += " \(value)\n"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
