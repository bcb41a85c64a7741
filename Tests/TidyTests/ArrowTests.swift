import Foundation
import Testing

/// The arrows of the architecture (`Sources/README.md`): who may import whom.
@Suite struct ArrowTests {
    private static let arrows: [String: Set<String>] = [
        "Domain": [],
        "Postgres": ["CPostgres"],
        "Curl": ["CCurl"],
        "Spreadsheet": ["CSpreadsheet"],
        "Store": ["CSchema", "Postgres", "Domain"],
        "OrderFeed": ["Store", "Curl", "Domain"],
        "Channels": ["Store", "Curl", "Domain"],
        "Reports": ["Store", "Spreadsheet", "Domain"],
        "Web": ["CConsole", "Reports", "Store", "Domain"],
        "DemoShop": [],
        "supportmeter": ["Web", "OrderFeed", "Channels", "Reports", "Store", "Curl", "Postgres", "Domain", "DemoShop"],
    ]
    private static let ours = Set(arrows.keys).union(["CPostgres", "CCurl", "CSpreadsheet", "CSchema", "CConsole"])

    private static func imports(_ file: SourceTree.File) -> [String] {
        file.lines.compactMap { line in
            let words = SourceTree.code(line).split(separator: " ").map(String.init)
            guard let place = words.firstIndex(of: "import"), place + 1 < words.count,
                words[..<place].allSatisfy({ $0.hasPrefix("@") || ["public", "internal", "private", "package"].contains($0) })
            else { return nil }
            let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            let name = kinds.contains(words[place + 1]) && place + 2 < words.count ? words[place + 2] : words[place + 1]
            return name.split(separator: ".").first.map(String.init)
        }
    }

    @Test("a target imports only the targets that the architecture lets it")
    func arrows() {
        for file in SourceTree.sources {
            guard let allowed = Self.arrows[file.target] else { continue }
            let wrong = Self.imports(file).filter { Self.ours.contains($0) && !allowed.contains($0) }
            #expect(wrong.isEmpty, "\(file.path) imports \(wrong)")
        }
        #expect(SourceTree.sources.count > 50)
    }

    @Test("every Swift target of Sources is in the architecture")
    func targets() {
        #expect(Set(SourceTree.sources.map(\.target)) == Set(Self.arrows.keys))
    }

    @Test("Domain imports nothing but FoundationEssentials")
    func domain() {
        for file in SourceTree.sources where file.target == "Domain" {
            #expect(Self.imports(file).allSatisfy { $0 == "FoundationEssentials" }, "\(file.path)")
        }
    }

    @Test("the HTTP server is imported only by Web, DemoShop and the executable")
    func server() {
        let servers: Set = ["Hummingbird", "HummingbirdTLS", "HummingbirdCore", "NIOCore", "NIOPosix", "NIOHTTP1"]
        for file in SourceTree.sources where !["Web", "DemoShop", "supportmeter"].contains(file.target) {
            #expect(Set(Self.imports(file)).isDisjoint(with: servers), "\(file.path)")
        }
    }

    @Test("only Store, and the wrapper itself, speak SQL")
    func sql() throws {
        let files = SourceTree.sources.filter { !["Store", "Postgres"].contains($0.target) }
        for file in files {
            let statements = file.lines.enumerated().filter { _, line in
                line.range(of: #"\b(SELECT .* FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM) "#, options: .regularExpression) != nil
                    && !line.trimmingCharacters(in: .whitespaces).hasPrefix("//")
            }
            #expect(statements.isEmpty, "\(file.path): \(statements.map { $0.offset + 1 })")
        }
    }
}
