import FoundationEssentials
import Mustache

/// The templates of the console, parsed once at start. `{{> name}}` and `{{< name}}` name another by its file's name.
struct Templates: Sendable {
    private let library: MustacheLibrary
    let names: Set<String>

    static let ending = ".mustache"

    /// Throws for a template that cannot be parsed or that names one that does not exist.
    init(_ folder: [String: [UInt8]] = ConsoleFiles.folder("templates")) throws {
        var library = MustacheLibrary()
        var names: Set<String> = []
        var texts: [String: String] = [:]
        for (file, bytes) in folder {
            guard file.hasSuffix(Templates.ending), let text = String(validating: bytes, as: UTF8.self) else {
                throw ConsoleFault(what: "templates/\(file) is no template")
            }
            let name = String(file.dropLast(Templates.ending.count))
            do { try library.register(text, named: name) } catch {
                throw ConsoleFault(what: "templates/\(file): \(error)")
            }
            names.insert(name)
            texts[name] = text
        }
        for (name, text) in texts {
            for other in Templates.named(text) where !names.contains(other) {
                throw ConsoleFault(what: "templates/\(name)\(Templates.ending) names \(other), which does not exist")
            }
        }
        self.library = library
        self.names = names
    }

    /// Throws when there is no such template.
    func render(_ name: String, _ data: PageData) throws -> String {
        guard let text = library.render(data, withTemplate: name) else { throw ConsoleFault(what: "there is no template \(name)") }
        return text
    }

    /// The templates that a text includes or builds upon.
    private static func named(_ text: String) -> [String] {
        text.split(separator: "{{", omittingEmptySubsequences: false).dropFirst().compactMap { tag in
            guard let first = tag.first, first == ">" || first == "<", let end = tag.range(of: "}}") else { return nil }
            return String(tag[tag.index(after: tag.startIndex)..<end.lowerBound].filter { !$0.isWhitespace })
        }
    }
}
