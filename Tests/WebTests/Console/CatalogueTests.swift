import Domain
import Foundation
import Testing

@testable import Web

@Suite struct CatalogueTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Sources")

    private static func catalogue(_ language: Language) throws -> Catalogue {
        try Catalogue(language, yaml: ConsoleFiles.text("languages/\(language.rawValue).yaml"))
    }

    private static func localizer(_ language: Language) throws -> Localizer {
        Localizer(catalogue: try catalogue(language), zone: .utc, now: Date(timeIntervalSince1970: 1_795_320_000))
    }

    /// Keys that templates and sources name, apart from families.
    private static func used() throws -> Set<String> {
        var keys: Set<String> = []
        for (_, bytes) in ConsoleFiles.folder("templates") {
            for tag in String(decoding: bytes, as: UTF8.self).components(separatedBy: "{{t.").dropFirst() { keys.insert(String(tag.prefix { $0 != "}" })) }
        }
        let expression = try NSRegularExpression(pattern: #""([a-z_]+\.[a-z0-9_]+)""#)
        let console = folder.appendingPathComponent("Web/Console")
        for case let path as String in FileManager.default.enumerator(atPath: console.path) ?? .init() where path.hasSuffix(".swift") {
            let text = try String(contentsOf: console.appendingPathComponent(path), encoding: .utf8)
            for match in expression.matches(in: text, range: NSRange(text.startIndex..., in: text)) {
                if let range = Range(match.range(at: 1), in: text) { keys.insert(String(text[range])) }
            }
        }
        return keys
    }

    @Test("every text is in every language, with the plural forms that CLDR gives it and the same places to fill", arguments: Language.allCases)
    func whole(_ language: Language) throws {
        let (english, other) = (try Self.catalogue(.en), try Self.catalogue(language))
        #expect(Set(other.entries.keys).symmetricDifference(english.entries.keys) == [])
        func places(_ text: String) -> Set<String> { Set(text.components(separatedBy: "{").dropFirst().map { String($0.prefix { $0 != "}" }) }) }
        for (key, entry) in other.entries {
            switch (entry, english.entries[key]) {
            case (.plain(let text), .plain(let model)): #expect(places(text) == places(model) && !text.isEmpty, "\(language) \(key)")
            case (.plural(let forms), .plural):
                #expect(Set(forms.keys) == language.plurals, "\(language) \(key)")
                for (_, text) in forms { #expect(places(text) == ["count"], "\(language) \(key)") }
            default: Issue.record("\(language) \(key) is plain in one language and plural in another")
            }
        }
    }

    @Test("every text that a page names exists, and every text that exists is named")
    func named() throws {
        let known = Set(try Self.catalogue(.en).entries.keys)
        var used = try Self.used()
        for (family, members) in TextFamilies.all { for member in members { used.insert("\(family).\(member)") } }
        let groups = Set(known.map { String($0.prefix { $0 != "." }) })
        let missing = used.subtracting(known).filter { groups.contains(String($0.prefix { $0 != "." })) && !Self.names.contains($0) }
        #expect(missing == [])
        #expect(known.subtracting(used) == [])
    }

    /// Names of actions and files that look like keys.
    private static let names: Set<String> = []

    @Test("plural forms follow CLDR")
    func plurals() throws {
        func form(_ language: Language, _ counts: [Int64]) -> [Plural] { counts.map(language.plural) }
        #expect(form(.en, [0, 1, 2, 11]) == [.other, .one, .other, .other])
        #expect(form(.sl, [0, 1, 2, 3, 4, 5, 101, 102, 103, 111]) == [.other, .one, .two, .few, .few, .other, .one, .two, .few, .other])
        #expect(form(.pl, [0, 1, 2, 5, 12, 21, 22, 112]) == [.many, .one, .few, .many, .many, .many, .few, .many])
        #expect(form(.ru, [0, 1, 2, 5, 11, 21, 22, 111, 114]) == [.many, .one, .few, .many, .many, .one, .few, .many, .many])
        #expect(try Self.localizer(.sl).text("ago.minutes", ["count": 2]) == "pred 2 minutama")
        #expect(try Self.localizer(.ru).wait(seconds: 22) == "22 секунды")
    }

    @Test("numbers, money, days and times are written as each language writes them, by the shop's clock")
    func formats() throws {
        let eur = try #require(Currency("EUR"))
        let ljubljana = ShopZone { _ in 3600 }
        let instant = Date(timeIntervalSince1970: 1_795_305_540)  // 2026-11-21T23:59:00Z
        let expected: [(Language, String, String, String, String)] = [
            (.en, "1,234,567", "€1,234.50", "80%", "22 Nov 2026, 00:59"), (.sl, "1.234.567", "1.234,50\u{A0}€", "80\u{A0}%", "22. nov. 2026, 00:59"),
            (.et, "1\u{A0}234\u{A0}567", "1234,50\u{A0}€", "80%", "22. nov 2026, 00:59"),
            (.pl, "1\u{A0}234\u{A0}567", "1234,50\u{A0}€", "80%", "22 lis 2026, 00:59"),
            (.ru, "1\u{A0}234\u{A0}567", "1\u{A0}234,50\u{A0}€", "80\u{A0}%", "22 нояб. 2026 г., 00:59"),
        ]
        for (language, number, money, percent, time) in expected {
            let localizer = Localizer(catalogue: try Self.catalogue(language), zone: ljubljana, now: instant)
            #expect(localizer.number(Int64(1_234_567)) == number && localizer.percent(80) == percent)
            #expect(localizer.money(Money(minorUnits: 123_450, currency: eur)) == money)
            #expect(localizer.dayAndTime(instant) == time)
        }
        let english = try Self.localizer(.en)
        #expect(english.money(Money(minorUnits: -5, currency: eur)) == "\u{2212}€0.05" && english.number(Int64(-1)) == "\u{2212}1")
        #expect(english.ago(english.now.addingTimeInterval(-90)) == "1 minute ago" && english.ago(english.now) == "just now")
        #expect(english.ago(english.now.addingTimeInterval(-3 * 86_400)) == "3 days ago")
    }

    @Test("every file of the console is in the binary, every template can be read, and none writes what it is given unescaped")
    func files() throws {
        let folder = Self.folder.appendingPathComponent("CConsole")
        for name in ["templates", "static", "languages"] {
            let there = try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(name).path)
            #expect(Set(there) == Set(ConsoleFiles.folder(name).keys), "\(name)")
        }
        let templates = try Templates()
        #expect(templates.names.contains("layout"))
        for (name, bytes) in ConsoleFiles.folder("templates") {
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(!text.contains("{{{") && !text.contains("{{&") && !text.contains("{{%"), "\(name)")
            #expect(!text.contains("style=") && !text.contains("onclick") && !text.contains("javascript:"), "\(name)")
            // A script is a file of ours.
            #expect(text.components(separatedBy: "<script").count == text.components(separatedBy: "<script src=\"{{").count, "\(name)")
            let forms = text.components(separatedBy: "method=\"post\"").count
            #expect(forms == text.components(separatedBy: "name=\"csrf\" value=").count, "\(name): a form without its token")
        }
        #expect(throws: ConsoleFault.self) { try Templates(["a.mustache": Array("{{#x}}".utf8)]) }
        #expect(throws: ConsoleFault.self) { try Templates(["a.mustache": Array("{{> b}}".utf8)]) }
    }
}
