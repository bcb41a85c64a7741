/// What expires within a span of days from an instant, if nobody uses it before.
public struct ExpiryAhead: Sendable, Hashable {
    public enum Span: String, Sendable, Hashable, CaseIterable {
        case days30, days60, days90, later, never

        /// Days from the instant to the end of the span; nil for what has no end.
        public var daysEnd: Int? {
            switch self {
            case .days30: 30
            case .days60: 60
            case .days90: 90
            case .later, .never: nil
            }
        }

        /// The span that so many days from now are in; nil never comes.
        init(days: Int64?) {
            guard let days else {
                self = .never
                return
            }
            self = days <= 30 ? .days30 : days <= 60 ? .days60 : days <= 90 ? .days90 : .later
        }
    }

    public let span: Span
    public var credits: Int64 = 0
    /// Minor units.
    public var value: Int64 = 0

    init(span: Span) { self.span = span }
}
