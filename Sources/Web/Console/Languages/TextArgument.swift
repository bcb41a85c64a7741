/// What stands in the places of a text: `{count}`, `{name}`.
protocol TextArgument: Sendable {
    /// As this language writes it.
    func shown(_ localizer: Localizer) -> String
    /// For choosing the plural form; nil for what is no count.
    var pluralCount: Int64? { get }
}

extension String: TextArgument {
    func shown(_ localizer: Localizer) -> String { self }
    var pluralCount: Int64? { nil }
}

extension Int: TextArgument {
    func shown(_ localizer: Localizer) -> String { localizer.number(Int64(self)) }
    var pluralCount: Int64? { Int64(self) }
}

extension Int64: TextArgument {
    func shown(_ localizer: Localizer) -> String { localizer.number(self) }
    var pluralCount: Int64? { self }
}
