import Foundation

/// The files of the project, as a test reads them.
enum SourceTree {
    struct File {
        /// Relative to the project's folder.
        let path: String
        let lines: [String]

        var text: String { lines.joined(separator: "\n") }
        /// The target that the file belongs to: `Sources/<target>/...`.
        var target: String { String(path.split(separator: "/").dropFirst().first ?? "") }
    }

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let sources = files(under: "Sources", ending: ".swift")
    static let tests = files(under: "Tests", ending: ".swift").filter { !$0.path.contains("/TidyTests/") }

    static func files(under folder: String, ending: String) -> [File] {
        let start = root.appendingPathComponent(folder)
        guard let walk = FileManager.default.enumerator(atPath: start.path) else { return [] }
        return walk.compactMap { $0 as? String }.filter { $0.hasSuffix(ending) }.sorted().compactMap { read("\(folder)/\($0)") }
    }

    static func read(_ path: String) -> File? {
        guard let text = try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8) else { return nil }
        return File(path: path, lines: text.components(separatedBy: "\n"))
    }

    /// Code without comments and string literals, so that words in them break no rule.
    static func code(_ line: String) -> String {
        var code = ""
        var inString = false
        var previous: Character = " "
        for character in line {
            if character == "\"" && previous != "\\" {
                inString.toggle()
            } else if !inString {
                if character == "/" && previous == "/" {
                    code.removeLast()
                    break
                }
                code.append(character)
            }
            previous = character
        }
        return code
    }

    /// `path:line` of every line of code that the pattern is found in.
    static func find(_ pattern: String, in files: [File]) throws -> [String] {
        let expression = try NSRegularExpression(pattern: pattern)
        return files.flatMap { file in
            var inLiteral = false
            return file.lines.enumerated().compactMap { index, line -> String? in
                let quotes = line.components(separatedBy: "\"\"\"").count - 1
                defer { if quotes % 2 == 1 { inLiteral.toggle() } }
                if inLiteral || quotes > 0 { return nil }
                let code = code(line)
                let range = NSRange(code.startIndex..., in: code)
                return expression.firstMatch(in: code, range: range) == nil ? nil : "\(file.path):\(index + 1): \(line)"
            }
        }
    }
}
