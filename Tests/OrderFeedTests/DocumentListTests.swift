import Domain
import Foundation
import Testing

@testable import OrderFeed

@Suite struct DocumentListTests {
    @Test("every page of the recorded shop is read, and its bytes are kept as they came")
    func pages() throws {
        var ids: Set<OrderID> = []
        for page in 1...3 {
            let body = try DocumentRecordings.bytes("rest/orders-by-modified-asc/page-0\(page).json")
            let elements = try WooOrderDocument.decodeList(body)
            for element in elements { ids.insert(try element.order.get().id) }
            let joined = [UInt8(ascii: "[")] + elements.map(\.raw).joined(separator: [UInt8(ascii: ",")]) + [UInt8(ascii: "]")]
            #expect(Array(joined) == body)
        }
        #expect(ids.count == 277)
        #expect(try WooOrderDocument.decodeList(DocumentRecordings.bytes("rest/orders-by-modified-asc/past-the-last-page.json")).isEmpty)
    }

    @Test("one bad order does not lose the page")
    func oneBad() throws {
        let good = try DocumentRecordings.bytes("rest/scenario/status-completed.json")
        let bad = Array(#"{"id":5,"a":"]},\"[{\\"}"#.utf8)
        let body = [UInt8(ascii: "[")] + good + Array(" ,\n ".utf8) + bad + Array(" ]\n".utf8)
        let elements = try WooOrderDocument.decodeList(body)
        #expect(elements.map(\.raw) == [trimmed(good), bad])
        #expect((try? elements.first?.order.get().id) == OrderID(43))
        #expect(throws: OrderDocumentError.self) { try elements.last?.order.get() }
    }

    @Test(
        "a page that is cut off, or is no list, is refused whole",
        arguments: ["", "[", "[1", "[1,", "[1,]", "[,1]", "[]x", #"["a]"#, #"["a\"]"#, "[}]", "{}", "null", "[1 2]]", "<b>", #"["a\"#])
    func broken(text: String) {
        #expect(throws: OrderDocumentError.self) { try WooOrderDocument.decodeList(Array(text.utf8)) }
    }

    @Test("a list of anything is split at its own commas")
    func splitting() {
        func split(_ text: String) -> [String]? {
            JSONListSplitter.split(Array(text.utf8))?.map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(split(" [ ] ") == [] && split("[1]") == ["1"] && split("\u{FEFF}[1]") == ["1"])
        #expect(split(#"[ {"a":[1,2]} , "x,]\"\\" ,[[],{}] ]"#) == [#"{"a":[1,2]}"#, #""x,]\"\\""#, "[[],{}]"])
        #expect(split(String(repeating: "[", count: 200) + String(repeating: "]", count: 200)) == nil)
    }

    @Test("an order is decoded in well under ten milliseconds")
    func speed() throws {
        let body = try DocumentRecordings.bytes("rest/orders-by-modified-asc/page-01.json")
        let clock = ContinuousClock()
        let duration = try clock.measure { _ = try WooOrderDocument.decodeList(body) }
        #expect(duration < .seconds(1))
    }

    private func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        Array(String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines).utf8)
    }
}
