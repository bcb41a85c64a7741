import Mustache
import Reports

/// What a template is given under one name.
enum PageValue: Sendable {
    case text(String)
    case flag(Bool)
    case data(PageData)
    case list([PageData])
    case texts(TextNode)
    /// The one thing that is written as it is: markup that the chart escaped itself.
    case drawing(Chart)

    var any: Any {
        switch self {
        case .text(let text): text.isEmpty ? NoText() : text
        case .flag(let flag): flag
        case .data(let data): data
        case .list(let list): list
        case .texts(let node): node
        case .drawing(let chart): PageValue.markup(chart) ?? NoText()
        }
    }
}

extension PageValue {
    /// A template is written without escaping; a chart's text has no brace, so nothing in it is a tag.
    private static func markup(_ chart: Chart) -> Any? { try? MustacheTemplate(string: chart.svg) }
}

/// An empty text: writes nothing, is false in a section of its name, and hides what a page around it calls the same.
private struct NoText: MustacheCustomRenderable {
    var renderText: String { "" }
    var isNull: Bool { true }
}

extension PageValue: ExpressibleByStringInterpolation, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    init(stringLiteral value: String) { self = .text(value) }
    init(booleanLiteral value: Bool) { self = .flag(value) }
    init(arrayLiteral elements: PageData...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, PageValue)...) { self = .data(PageData(elements)) }
}

/// Names to what a template is given under them. A name that is missing is false and empty; so is an empty text in a section of its name.
struct PageData: Sendable, MustacheParent, ExpressibleByDictionaryLiteral {
    private(set) var values: [String: PageValue]

    init(_ values: [(String, PageValue)]) { self.values = Dictionary(values, uniquingKeysWith: { $1 }) }
    init(dictionaryLiteral elements: (String, PageValue)...) { self.init(elements) }

    subscript(name: String) -> PageValue? {
        get { values[name] }
        set { values[name] = newValue }
    }

    func merging(_ other: PageData) -> PageData {
        var merged = self
        merged.values.merge(other.values) { $1 }
        return merged
    }

    func child(named name: String) -> Any? { values[name]?.any }
}

extension PageData {
    /// Sets a text where there is one.
    mutating func set(_ name: String, _ text: String?) {
        if let text, !text.isEmpty { values[name] = .text(text) }
    }
}

/// The texts of the page's language, as a template reaches them: `{{t.users.title}}`.
struct TextNode: Sendable, MustacheParent, MustacheCustomRenderable {
    let localizer: Localizer
    var path = ""

    func child(named name: String) -> Any? { TextNode(localizer: localizer, path: path.isEmpty ? name : path + "." + name) }
    var renderText: String { localizer.text(path) }
    var isNull: Bool { false }
}
