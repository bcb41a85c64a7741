import Domain
import Foundation
import Testing

@testable import OrderFeed

@Suite struct DocumentDecodingTests {
    private static let good: [String: String] = [
        "id": "7", "number": #""SM-7""#, "status": #""completed""#, "currency": #""EUR""#, "total": #""59.78""#,
        "date_created_gmt": #""2026-03-01T09:00:00""#, "date_modified_gmt": #""2026-03-01T09:00:01""#, "date_paid_gmt": "null",
        "customer_id": "3", "line_items": #"[{"id":1,"product_id":11,"quantity":1,"total":"49.00","sku":"S"}]"#, "refunds": "[]",
    ]

    /// Answers among the outages that are a page of orders after all.
    private static let healthy = ["ok-again.body", "redirect-from-localhost-name.body"]

    private func body(_ changes: [String: String?] = [:]) -> [UInt8] {
        var fields = Self.good
        for (key, value) in changes { fields[key] = value }
        return Array("{\(fields.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ","))}".utf8)
    }

    private func line(_ fields: String) -> [UInt8] { body(["line_items": "[{\(fields)}]"]) }

    private func error(_ body: [UInt8]) -> String? {
        do throws(OrderDocumentError) {
            _ = try WooOrderDocument.decode(body)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("numbers as strings and strings as numbers are read the same")
    func loose() throws {
        let strict = try WooOrderDocument.decode(body())
        let loose = try WooOrderDocument.decode(
            body([
                "id": #""7""#, "total": "59.78", "customer_id": #""3""#,
                "line_items": #"[{"id":"1","product_id":"11","variation_id":null,"quantity":"1","total":49,"sku":"S","total_tax":""}]"#,
            ]))
        #expect(strict == loose)
    }

    @Test("a decimal quantity is exact, be it a number or a string", arguments: ["1.1", "\"1.1\"", "1.10"])
    func exact(text: String) throws {
        let order = try WooOrderDocument.decode(line(#""id":1,"quantity":\#(text),"total":"1""#))
        #expect(order.lines.first?.quantity.millionths == 1_100_000)
    }

    @Test("no SKU is no SKU, whether it is null, empty or missing", arguments: [#","sku":null"#, #","sku":"""#, ""])
    func noSKU(text: String) throws {
        let lines = try WooOrderDocument.decode(line(#""id":1,"quantity":1,"total":"1""# + text)).lines
        #expect(lines.count == 1 && lines.first?.sku == nil)
    }

    @Test("what is wrong is told with its place and what was found there")
    func errors() {
        #expect(error(body()) == nil)
        #expect(error(line(#""id":1,"quantity":"abc","total":"1""#)) == #"line_items[0].quantity: expected a number, found "abc""#)
        #expect(error(line(#""id":1,"quantity":null,"total":"1""#)) == "line_items[0].quantity: expected a number, found null")
        #expect(
            error(line(#""id":1,"quantity":1.23456789,"total":"1""#))?.hasPrefix("line_items[0].quantity: expected a number of at") == true)
        #expect(error(line(#""id":1,"quantity":1,"total":"x""#)) == #"line_items[0].total: expected an amount like "59.78", found "x""#)
        #expect(error(line(#""quantity":1,"total":"1""#)) == "line_items[0].id: expected an integer, found nothing")
        #expect(error(body(["id": "1.5"])) == "id: expected an integer, found 1.5")
        #expect(error(body(["currency": nil])) == #"currency: expected a three-letter code, found """#)
        #expect(
            error(body(["date_paid_gmt": #""yesterday""#]))
                == #"date_paid_gmt: expected a GMT time like 2026-11-22T03:11:54, found "yesterday""#)
        #expect(error(body(["date_paid_gmt": #""2026-02-30T00:00:00""#])) != nil)
        #expect(error(body(["line_items": nil])) == "line_items: expected a list, found nothing")
        #expect(error(body(["line_items": "7"]))?.hasPrefix("line_items: ") == true)
        #expect(error(body(["line_items": "[7]"]))?.hasPrefix("line_items[0]: ") == true)
        #expect(error(body(["status": "null"])) == "status: expected a status, found null")
        #expect(error(Array("{".utf8)) == "not JSON, or cut off" && error([]) == "not JSON, or cut off")
        #expect(error(Array("[]".utf8)) == "expected an order" && error(Array("<html>".utf8)) == "not JSON, or cut off")
    }

    @Test("the shop's error documents are known as such, also in a page's place")
    func shopErrors() throws {
        let gone = OrderDocumentError.shopError(code: OrderDocumentError.orderGoneCode, status: 404)
        #expect(throws: gone) { try WooOrderDocument.decode(DocumentRecordings.bytes("rest/scenario/force-deleted.json")) }
        #expect(throws: gone) { try WooOrderDocument.decodeList(DocumentRecordings.bytes("rest/scenario/force-deleted.json")) }
        #expect(throws: OrderDocumentError.shopError(code: "x", status: 404)) {
            try WooOrderDocument.decodeRefunds(Array(#"{"code":"x","data":404}"#.utf8), currency: try #require(Currency("EUR")))
        }
        for name in try DocumentRecordings.names("outages", ending: ".body") where !Self.healthy.contains(name) {
            #expect(throws: OrderDocumentError.self) { try WooOrderDocument.decodeList(DocumentRecordings.bytes("outages/\(name)")) }
        }
    }

    @Test("a deleted order names only itself")
    func deleted() throws {
        #expect(try WooOrderDocument.decodeID(Array(#"{"id":326}"#.utf8)) == OrderID(326))
        #expect(throws: OrderDocumentError.self) { try WooOrderDocument.decodeID(Array(#"{"id":null}"#.utf8)) }
    }

    @Test("refunds in the order are known by amount; read by themselves they name their lines")
    func refunds() throws {
        let order = try WooOrderDocument.decode(DocumentRecordings.bytes("rest/scenario/refund-partial-line-1-of-3.json"))
        #expect(!order.refundLinesKnown && order.refunds.map(\.amount.minorUnits) == [5978])
        let known = try DocumentRecordings.scenario("refund-partial-line-1-of-3")
        #expect(known.refundLinesKnown && known.refunds.first?.lines.map(\.orderLineID) == [LineID(187)])
        #expect(known.refunds.first?.lines.first?.quantity.description == "1" && known.refunds.first?.lines.first?.total.minorUnits == 4900)
        #expect(try WooOrderDocument.decode(DocumentRecordings.bytes("rest/scenario/status-completed.json")).refundLinesKnown)
        let integer =
            #"[{"id":1,"amount":"1.00","line_items":[{"quantity":-1,"total":"-1","meta_data":[{"key":"a","value":{"b":[]}},"#
            + #"{"key":"_refunded_item_id","value":9}]}]}]"#
        let euro = try #require(Currency("EUR"))
        #expect(try WooOrderDocument.decodeRefunds(Array(integer.utf8), currency: euro).first?.lines.first?.orderLineID == LineID(9))
    }
}
