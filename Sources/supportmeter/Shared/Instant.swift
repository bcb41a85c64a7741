import ArgumentParser
import FoundationEssentials
import Store

/// A time as people give one: RFC 3339 with a zone, or a day, which is its first instant in UTC.
struct Instant: ExpressibleByArgument {
    let date: Date

    init?(argument: String) {
        let text = argument.utf8.count == 10 ? argument + "T00:00:00Z" : argument
        guard let date = Timestamp.parse(text) else { return nil }
        self.date = date
    }
}

/// `on` or `off`.
enum Switch: String, ExpressibleByArgument, CaseIterable {
    case on, off
    var isOn: Bool { self == .on }
}
