import Domain
import Store

extension PlanOutcome {
    func write(_ json: inout JSONWriter) {
        json.object { json in
            json.field("shop", shop)
            json.field("name", plan.name)
            json.field("version", plan.version)
            json.field("change", change.rawValue)
        }
    }
}

extension Plan {
    /// In the words of the plan file.
    func write(_ json: inout JSONWriter) {
        json.object { json in
            json.field("id", id.rawValue)
            json.field("name", name)
            json.field("version", version)
            json.field("match") { json in
                json.object { json in
                    json.field("sku") { $0.array(match.skus.sorted()) { $0.string($1) } }
                    json.field("product_id") { $0.array(match.productIDs.sorted()) { $0.number($1) } }
                    json.field("variation_id") { $0.array(match.variationIDs.sorted()) { $0.number($1) } }
                }
            }
            json.field("credits") { json in
                json.object { json in for channel in channels { json.field(channel.rawValue, credits[channel]?.value) } }
            }
            json.field("prices") { json in
                json.object { json in for channel in prices.keys.sorted() { json.field(channel.rawValue, prices[channel]) } }
            }
            json.field("valid_days", validDays.map(Int64.init))
            json.field("ticket", ticketRule.rawValue)
            json.field("priority", priority.rawValue)
            json.field("low") { low.write(&$0) }
            json.field("overdraft", overdraft)
            json.field("top_up_url", topUpURL)
            json.field("retired", retired)
        }
    }

    /// `5 email, 5 sms, 1 video`.
    var creditText: String { channels.map { "\(credits[$0] ?? .zero) \($0)" }.joined(separator: ", ") }

    var facts: [(String, String)] {
        [
            ("version", String(version)), ("matches", match.keys.map(\.description).joined(separator: ", ")), ("credits", creditText),
            ("prices", prices.isEmpty ? "-" : prices.keys.sorted().map { "\($0) \(prices[$0] ?? 0)" }.joined(separator: ", ")),
            ("valid_days", validDays.map(String.init) ?? "never expires"), ("ticket", ticketRule.rawValue), ("priority", priority.rawValue),
            ("low", low.text), ("overdraft", String(overdraft)), ("top_up_url", topUpURL ?? "-"), ("state", retired ? "retired" : "in use"),
        ]
    }
}

extension LowMark {
    var text: String {
        switch self {
        case .count(let count): String(count)
        case .percent(let percent): "\(percent)%"
        }
    }

    func write(_ json: inout JSONWriter) {
        switch self {
        case .count(let count): json.number(count)
        case .percent: json.string(text)
        }
    }
}

extension LowMarks {
    var text: String {
        switch self {
        case .everyChannel(let mark): mark.text
        case .byChannel(let marks): marks.isEmpty ? "-" : marks.keys.sorted().map { "\($0) \(marks[$0]?.text ?? "")" }.joined(separator: ", ")
        }
    }

    func write(_ json: inout JSONWriter) {
        switch self {
        case .everyChannel(let mark): mark.write(&json)
        case .byChannel(let marks):
            json.object { json in for channel in marks.keys.sorted() { json.field(channel.rawValue) { marks[channel]?.write(&$0) } } }
        }
    }
}
