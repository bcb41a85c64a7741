import Foundation
import Testing

/// The rules of the house that a machine can check.
@Suite struct RuleTests {
    private static let linesMax = 400

    @Test("no file is longer than two rooms")
    func length() {
        for file in SourceTree.sources + SourceTree.tests {
            #expect(file.lines.count <= Self.linesMax, "\(file.path) has \(file.lines.count) lines")
        }
    }

    @Test("nothing is forced: no try!, as!, fatalError or unwrapping")
    func forced() throws {
        #expect(try SourceTree.find(#"\btry!|\bas!|\bfatalError\("#, in: SourceTree.sources + SourceTree.tests) == [])
        #expect(try SourceTree.find(#"[A-Za-z0-9_\])]!(?![=])([.)\],\s]|$)"#, in: SourceTree.sources) == [])
    }

    @Test("only the commands print")
    func printing() throws {
        let files = SourceTree.sources.filter { $0.target != "supportmeter" }
        #expect(try SourceTree.find(#"(?<![.\w])(print|debugPrint|dump)\("#, in: files) == [])
    }

    @Test("nothing is left for later in the sources")
    func marks() {
        for file in SourceTree.sources + SourceTree.tests {
            let marks = file.lines.filter { $0.range(of: #"\b(TODO|FIXME|XXX|HACK)\b"#, options: .regularExpression) != nil }
            #expect(marks.isEmpty, "\(file.path): \(marks)")
        }
    }

    @Test("@unchecked Sendable stands beside the sentence that says why it is safe")
    func unchecked() {
        for file in SourceTree.sources {
            for (index, line) in file.lines.enumerated() where SourceTree.code(line).contains("@unchecked Sendable") {
                let before = file.lines[max(0, index - 12)..<index]
                let isSaid = before.contains { $0.trimmingCharacters(in: .whitespaces).hasPrefix("//") }
                #expect(isSaid, "\(file.path):\(index + 1)")
            }
        }
    }

    @Test("tests do not sleep to wait")
    func sleeping() throws {
        // The cleaner runs at exit, where no test waits for anything.
        let tests = SourceTree.tests.filter { !$0.path.hasSuffix("/TestServerCleaner.swift") }
        #expect(try SourceTree.find(#"Thread\.sleep|\busleep\("#, in: tests) == [])
    }

    @Test("no test is switched off, and none expects what cannot fail")
    func idle() throws {
        #expect(try SourceTree.find(#"\.disabled\(|XCTSkip|#expect\((true|Bool\(true\))\)"#, in: SourceTree.tests) == [])
    }
}
