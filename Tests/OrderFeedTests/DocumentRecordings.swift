import Domain
import Foundation

@testable import OrderFeed

/// The recordings of a real WooCommerce, `Tests/Recordings`.
enum DocumentRecordings {
    struct Missing: Error {}

    static var folder: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Recordings")
    }

    static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: folder.appending(path: path))) }

    static func names(_ path: String, ending: String) throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: path).path()).filter { $0.hasSuffix(ending) }
        guard !names.isEmpty else { throw Missing() }
        return names.sorted()
    }

    /// A named order, with the lines of its refunds where they were recorded.
    static func scenario(_ name: String) throws -> ShopOrder {
        let order = try WooOrderDocument.decode(bytes("rest/scenario/\(name).json"))
        guard let refunds = try? bytes("rest/scenario/\(name).refunds.json") else { return order }
        return order.knowing(refunds: try WooOrderDocument.decodeRefunds(refunds, currency: order.currency))
    }

    /// START is 5 e-mails, 5 SMS and 1 call; PRO by product; a FLEX variation by its id; the rest of FLEX by SKU.
    static func plans() throws -> [Plan] {
        func plan(_ id: Int64, _ match: PlanMatch, _ credits: [Channel: Int64]) throws -> Plan {
            let counts = try credits.mapValues { count in
                guard let count = CreditCount(count) else { throw Missing() }
                return count
            }
            return Plan(id: PlanID(id), shop: ShopID(1), name: "Plan \(id)", match: match, credits: counts)
        }
        return [
            try plan(1, PlanMatch(skus: ["SUP-START"]), [.email: 5, .sms: 5, .video: 1]),
            try plan(2, PlanMatch(productIDs: [12]), [.email: 20, .sms: 20, .video: 4]),
            try plan(3, PlanMatch(variationIDs: [19]), [.email: 10]),
            try plan(4, PlanMatch(skus: ["SUP-FLEX", "SUP-FLEX-50"]), [.email: 50]),
            try plan(5, PlanMatch(skus: ["SUP-VIDEO"]), [.video: 1]),
        ]
    }

    static func entitlement(_ order: ShopOrder) throws -> OrderEntitlement {
        let plans = try plans()
        let bound = order.lines.compactMap { line in Matching.match(line, plans: plans).map { (line.id, $0.plan) } }
        return Entitlement.evaluate(order: order, bindings: Dictionary(bound, uniquingKeysWith: { first, _ in first }))
    }
}
