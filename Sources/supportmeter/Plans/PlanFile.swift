import Domain
import Store

/// A YAML file of plans, read strictly: an unknown key is an error that names it by its path (`plans[0].credits.fax`).
struct PlanFile {
    static let bytesMax = 4_000_000
    static let plansMax = 1000

    let plans: [PlanDraft]

    /// Throws `CommandFailure` (exit 2) with the first thing that is wrong.
    init(_ text: String, file: String) throws {
        let reader = try YAMLReader(text, file: file)
        let fields = try YAMLFields(reader, reader.root, path: "", known: ["plans"])
        let list = try fields.needed("plans") { try reader.list($0, path: $1) }
        guard (1...PlanFile.plansMax).contains(list.count) else { throw reader.failure("plans", "expected 1 to \(PlanFile.plansMax) plans") }
        plans = try list.enumerated().map { index, node in
            try PlanFile.plan(YAMLFields(reader, node, path: "plans[\(index)]", known: PlanFile.keys))
        }
    }

    private static let keys = [
        "shop", "name", "match", "credits", "prices", "valid_days", "ticket", "priority", "low", "overdraft", "top_up_url",
    ]

    private static func plan(_ fields: YAMLFields) throws -> PlanDraft {
        let reader = fields.reader
        var plan = Plan(
            id: PlanID(0), shop: ShopID(0), name: try fields.needed("name") { try reader.text($0, path: $1) },
            match: try fields.needed("match") { try match(reader, $0, $1) },
            credits: try fields.needed("credits") { node, path in
                try channels(reader, node, path) { try CreditCount(reader.wholeNumber($0, path: $1, 0...CreditCount.valueMax)) ?? .zero }
            })
        plan.prices =
            try fields.optional("prices") { node, path in
                try channels(reader, node, path) { try reader.wholeNumber($0, path: $1, 0...PlanCheck.priceMax) }
            } ?? [:]
        plan.validDays = try fields.optional("valid_days") { Int(try reader.wholeNumber($0, path: $1, 1...Int64(PlanCheck.validDaysMax))) }
        plan.ticketRule = try fields.optional("ticket") { try word(reader, $0, $1, TicketRule.allCases) } ?? .new
        plan.priority = try fields.optional("priority") { try word(reader, $0, $1, Priority.allCases) } ?? .normal
        plan.low = try fields.optional("low") { try low(reader, $0, $1) } ?? .none
        plan.overdraft = try fields.optional("overdraft") { try reader.wholeNumber($0, path: $1, 0...CreditCount.valueMax) } ?? 0
        plan.topUpURL = try fields.optional("top_up_url") { try webAddress(reader, $0, $1) }
        return PlanDraft(shop: try fields.needed("shop") { try reader.text($0, path: $1) }, path: fields.path, plan: plan)
    }

    private static func match(_ reader: YAMLReader, _ node: YAMLFields.Node, _ path: String) throws -> PlanMatch {
        let fields = try YAMLFields(reader, node, path: path, known: ["sku", "product_id", "variation_id"])
        func each<T: Hashable>(_ key: String, _ read: (YAMLFields.Node, String) throws -> T) throws -> Set<T> {
            let list = try fields.optional(key) { try reader.list($0, path: $1) } ?? []
            return Set(try list.enumerated().map { try read($1, "\(path).\(key)[\($0)]") })
        }
        return PlanMatch(
            skus: try each("sku") { node, path in
                let sku = try reader.text(node, path: path)
                guard (1...100).contains(sku.count) else { throw reader.failure(path, "expected 1 to 100 characters") }
                return sku
            },
            productIDs: try each("product_id") { try reader.wholeNumber($0, path: $1, 1...Int64.max) },
            variationIDs: try each("variation_id") { try reader.wholeNumber($0, path: $1, 1...Int64.max) })
    }

    private static func channels<T>(
        _ reader: YAMLReader, _ node: YAMLFields.Node, _ path: String, _ read: (YAMLFields.Node, String) throws -> T
    ) throws -> [Channel: T] {
        var values: [Channel: T] = [:]
        for (key, node) in try reader.mapping(node, path: path) {
            guard let channel = Channel(rawValue: key) else {
                throw reader.failure("\(path).\(key)", "expected the name of a channel: 1 to 32 of a-z, 0-9, _ and -, starting with a letter")
            }
            values[channel] = try read(node, "\(path).\(key)")
        }
        return values
    }

    private static func low(_ reader: YAMLReader, _ node: YAMLFields.Node, _ path: String) throws -> LowMarks {
        func mark(_ node: YAMLFields.Node, _ path: String) throws -> LowMark {
            guard let mark = LowMark(text: try reader.text(node, path: path)) else {
                throw reader.failure(path, "expected a number of credits such as 2, or a percentage such as \"20%\", found \(YAMLReader.kind(node))")
            }
            return mark
        }
        if case .mapping = node { return .byChannel(try channels(reader, node, path, mark)) }
        return .everyChannel(try mark(node, path))
    }

    private static func word<T: RawRepresentable<String>>(
        _ reader: YAMLReader, _ node: YAMLFields.Node, _ path: String, _ all: [T]
    ) throws -> T {
        let text = try reader.text(node, path: path)
        guard let value = T(rawValue: text) else {
            throw reader.failure(path, "expected one of \(all.map(\.rawValue).joined(separator: ", ")), found \"\(text.prefix(64))\"")
        }
        return value
    }

    private static func webAddress(_ reader: YAMLReader, _ node: YAMLFields.Node, _ path: String) throws -> String {
        let text = try reader.text(node, path: path)
        let isGood = (text.hasPrefix("https://") || text.hasPrefix("http://")) && text.utf8.count <= PlanCheck.urlMax
            && !text.contains { $0.isWhitespace || $0 == "\"" || $0 == "<" || $0 == ">" }
        guard isGood else { throw reader.failure(path, "expected an http:// or https:// address, found \"\(text.prefix(64))\"") }
        return text
    }
}
