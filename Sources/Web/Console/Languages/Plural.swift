/// The plural categories of CLDR that our languages use for whole numbers.
enum Plural: String, Sendable, CaseIterable { case one, two, few, many, other }

/// Unicode CLDR 44, plural rules (https://www.unicode.org/cldr/charts/44/supplemental/language_plural_rules.html), for whole numbers.
extension Language {
    /// Every category that a text with a count has in this language.
    var plurals: Set<Plural> {
        switch self {
        case .en, .et: [.one, .other]
        case .sl: [.one, .two, .few, .other]
        case .pl, .ru: [.one, .few, .many, .other]
        }
    }

    func plural(_ count: Int64) -> Plural {
        let tens = count.magnitude % 100
        let ones = count.magnitude % 10
        switch self {
        case .en, .et: return count.magnitude == 1 ? .one : .other
        case .sl: return tens == 1 ? .one : tens == 2 ? .two : tens == 3 || tens == 4 ? .few : .other
        case .pl:
            if count.magnitude == 1 { return .one }
            return (2...4).contains(ones) && !(12...14).contains(tens) ? .few : .many
        case .ru:
            if ones == 1, tens != 11 { return .one }
            return (2...4).contains(ones) && !(12...14).contains(tens) ? .few : .many
        }
    }
}
