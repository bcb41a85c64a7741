import Foundation
import Domain
import Store

@testable import Web

extension WebAnswer {
    /// The numbers of the tickets that a page lists, in its order.
    var listed: [TicketID] {
        text.components(separatedBy: "<tr data-number=\"").dropFirst().compactMap { Int64($0.prefix { $0 != "\"" }).map { TicketID($0) } }
    }

    /// The row of one ticket, as it is written.
    func row(_ ticket: TicketID) -> String {
        guard let start = text.range(of: "<tr data-number=\"\(ticket)\">"), let end = text[start.upperBound...].range(of: "</tr>") else { return "" }
        return String(text[start.upperBound..<end.lowerBound])
    }

    /// What the tab of a view counts.
    func count(_ view: TicketListView) -> String? {
        guard let tabs = text.range(of: "<nav class=\"tabs\""),
            let start = text[tabs.upperBound...].range(of: "data-view=\"\(view.rawValue)\""),
            let mark = text[start.upperBound...].range(of: "<span class=\"count\">")
        else { return nil }
        return String(text[mark.upperBound...].prefix { $0 != "<" })
    }

    /// The address of a link with that `rel`.
    func link(_ rel: String) -> String? {
        guard let start = text.range(of: "rel=\"\(rel)\" href=\"") else { return nil }
        return text[start.upperBound...].prefix { $0 != "\"" }.replacingOccurrences(of: "&amp;", with: "&")
    }
}
