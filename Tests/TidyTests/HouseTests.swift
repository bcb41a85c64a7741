import Foundation
import Testing

/// What lies where.
@Suite struct HouseTests {
    @Test("the top level holds what it may and nothing else")
    func topLevel() throws {
        let allowed: Set = ["Package.swift", "Sources", "Tests", "Schema", "deploy", "README.md", "LICENSE", "Package.resolved"]
        let found = try FileManager.default.contentsOfDirectory(atPath: SourceTree.root.path).filter { !$0.hasPrefix(".") }
        #expect(Set(found).subtracting(allowed).isEmpty)
    }

    @Test("schema files are numbered without a gap, and all of them are in the binary in that order")
    func schema() throws {
        let folder = SourceTree.root.appendingPathComponent("Schema").path
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".sql") }.sorted()
        for (index, file) in files.enumerated() {
            #expect(file.hasPrefix(String(format: "%04d_", index + 1)), "\(file)")
        }
        let embedded = try #require(SourceTree.read("Sources/CSchema/schema.c")).text
        for file in files {
            #expect(embedded.contains("#embed \"../../Schema/\(file)\""), "\(file) is not embedded")
        }
        #expect(embedded.components(separatedBy: "#embed \"").count - 1 == files.count)
    }

    @Test("every constraint of the schema is named")
    func constraints() {
        for file in SourceTree.files(under: "Schema", ending: ".sql") {
            for (index, line) in file.lines.enumerated() {
                let trimmed = line.trimmingCharacters(in: .whitespaces)
                let isUnnamed = ["PRIMARY KEY", "UNIQUE (", "CHECK (", "FOREIGN KEY"].contains { trimmed.hasPrefix($0) }
                #expect(!isUnnamed, "\(file.path):\(index + 1)")
            }
        }
    }

    @Test("CI runs the README's own test command, and the README names the files of deploy/")
    func commands() throws {
        let readme = try #require(SourceTree.read("README.md")).text
        let ci = try #require(SourceTree.read(".ci/run")).text
        #expect(ci.contains("deploy/test"))
        #expect(readme.contains("deploy/test") && readme.contains("deploy/run"))
    }

    @Test("every target of Sources says in a README what lives there")
    func readmes() {
        for target in Set(SourceTree.sources.map(\.target)) {
            #expect(SourceTree.read("Sources/\(target)/README.md") != nil, "Sources/\(target)/README.md")
        }
        for folder in ["Sources", "Tests", "Schema", "deploy"] {
            #expect(SourceTree.read("\(folder)/README.md") != nil, "\(folder)/README.md")
        }
    }
}
