import Domain
import Store

/// A plan as the API shows it: the words of the plan file.
enum PlanJSON {
    static func write(_ plan: Plan, _ json: inout JSONWriter) {
        json.object { json in
            json.field("id", plan.id.rawValue)
            json.field("name", plan.name)
            json.field("version", plan.version)
            json.field("retired", plan.retired)
            json.field("match") { json in
                json.object { json in
                    json.field("sku") { $0.array(plan.match.skus.sorted()) { $0.string($1) } }
                    json.field("product_id") { $0.array(plan.match.productIDs.sorted()) { $0.number($1) } }
                    json.field("variation_id") { $0.array(plan.match.variationIDs.sorted()) { $0.number($1) } }
                }
            }
            json.field("credits") { channels(plan.credits.mapValues(\.value), &$0) }
            json.field("prices") { channels(plan.prices, &$0) }
            json.field("valid_days", plan.validDays.map(Int64.init))
            json.field("ticket", plan.ticketRule.rawValue)
            json.field("priority", plan.priority.rawValue)
            json.field("low") { low(plan.low, &$0) }
            json.field("overdraft", plan.overdraft)
            json.field("top_up_url", plan.topUpURL)
        }
    }

    private static func channels(_ numbers: [Channel: Int64], _ json: inout JSONWriter) {
        json.object { json in
            for (channel, number) in numbers.sorted(by: { $0.key < $1.key }) { json.field(channel.rawValue, number) }
        }
    }

    /// `{"email":2}` or `"20%"`.
    private static func low(_ marks: LowMarks, _ json: inout JSONWriter) {
        switch marks {
        case .everyChannel(let mark): self.mark(mark, &json)
        case .byChannel(let marks):
            json.object { json in
                for (channel, mark) in marks.sorted(by: { $0.key < $1.key }) { json.field(channel.rawValue) { self.mark(mark, &$0) } }
            }
        }
    }

    private static func mark(_ mark: LowMark, _ json: inout JSONWriter) {
        switch mark {
        case .count(let count): json.number(count)
        case .percent(let percent): json.string("\(percent)%")
        }
    }
}
