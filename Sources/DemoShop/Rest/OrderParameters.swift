/// Reads the parameters of an order list as WordPress checks them: every wrong one is named, unknown ones are ignored.
struct OrderParameters {
    let settings: BookSettings
    let query: QueryParameters
    private(set) var faults: [ParameterFault] = []

    init(settings: BookSettings, query: QueryParameters) {
        self.settings = settings
        self.query = query
    }

    /// The query, or 400 `rest_invalid_param`.
    static func read(_ query: QueryParameters, settings: BookSettings) throws(RestError) -> OrderQuery {
        var parameters = OrderParameters(settings: settings, query: query)
        let order = parameters.read()
        guard parameters.faults.isEmpty else { throw .invalid(parameters.faults) }
        return order
    }

    private mutating func read() -> OrderQuery {
        var order = OrderQuery()
        _ = choice("context", ["view", "edit"])
        order.page = number("page", default: 1, in: 1...Int.max)
        order.perPage = number("per_page", default: 10, in: 1...OrderQuery.perPageMax)
        let areGMT = ["1", "true"].contains(query["dates_are_gmt"]?.lowercased())
        order.createdAfter = date("after", areGMT)
        order.createdBefore = date("before", areGMT)
        order.modifiedAfter = date("modified_after", areGMT)
        order.modifiedBefore = date("modified_before", areGMT)
        order.include = include()
        order.isDescending = choice("order", ["asc", "desc"]) != "asc"
        order.sorting = choice("orderby", OrderQuery.Sorting.allCases.map(\.rawValue)).flatMap(OrderQuery.Sorting.init) ?? .date
        order.statuses = statuses()
        if let decimals = query["dp"], Int(decimals) == nil { faults.append(.type("dp")) }
        return order
    }

    private mutating func number(_ name: String, default value: Int, in range: ClosedRange<Int>) -> Int {
        guard let text = query[name] else { return value }
        guard let number = Int(text) else {
            faults.append(.type(name))
            return value
        }
        if !range.contains(number) {
            let between = "\(name) must be between \(range.lowerBound) (inclusive) and \(range.upperBound) (inclusive)"
            faults.append(
                .bounds(name, range.upperBound == .max ? "\(name) must be greater than or equal to \(range.lowerBound)" : between))
        }
        return number
    }

    private mutating func choice(_ name: String, _ allowed: [String]) -> String? {
        guard let text = query[name] else { return nil }
        if !allowed.contains(text) { faults.append(.notOneOf(name, allowed)) }
        return text
    }

    private mutating func date(_ name: String, _ areGMT: Bool) -> Int? {
        guard let text = query[name] else { return nil }
        guard let date = DateParameter(text) else {
            faults.append(.date(name))
            return nil
        }
        return date.bound(areGMT: areGMT, calendar: settings.calendar)
    }

    /// What is not a number reads as 0, which no order has.
    private func include() -> Set<Int> {
        guard let list = query.list("include"), !list.isEmpty else { return [] }
        return Set(list.map { Int($0) ?? 0 })
    }

    private mutating func statuses() -> [String] {
        let allowed = OrderStatus.builtIn + settings.pluginStatuses.sorted()
        let wanted = query.list("status") ?? ["any"]
        for (place, status) in wanted.enumerated() where !allowed.contains(status) {
            faults.append(.notOneOf("status", label: "status[\(place)]", allowed))
            break
        }
        return wanted.isEmpty ? ["any"] : wanted
    }
}
