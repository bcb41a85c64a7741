import Domain
import Store

/// What is left, channel by channel; on a terminal also drawn.
enum CounterTable {
    static func make(_ counters: [Channel: Counter], pool: [Channel: Int64] = [:], screen: Screen) -> Table {
        var columns = [Table.Column(title: "CHANNEL"), .init(title: "LEFT", isNumber: true)]
        if screen.isTerminal { columns.append(.init(title: "")) }
        columns += ["GRANTED", "USED", "HELD", "EXPIRED", "REVOKED"].map { Table.Column(title: $0, isNumber: true) }
        let hasShortfall = counters.values.contains { $0.shortfall > 0 }
        if hasShortfall { columns.append(.init(title: "SHORTFALL", isNumber: true)) }
        if !pool.isEmpty { columns.append(.init(title: "POOL", isNumber: true)) }
        var table = Table(columns)
        for channel in Set(counters.keys).union(pool.keys).sorted() {
            let counter = counters[channel] ?? .zero
            var cells = [channel.rawValue, String(counter.remaining)]
            if screen.isTerminal { cells.append(Bar.text(counter.remaining, of: counter.granted)) }
            cells += [counter.granted, counter.used, counter.held, counter.expired, counter.revoked].map(String.init)
            if hasShortfall { cells.append(String(counter.shortfall)) }
            if !pool.isEmpty { cells.append(String(pool[channel] ?? 0)) }
            table.add(cells: cells)
        }
        return table
    }
}

enum TicketTable {
    static func make(_ tickets: [TicketView], screen: Screen) -> Table {
        let channels = Set(tickets.flatMap(\.counters.keys)).sorted()
        var columns = [Table.Column(title: "TICKET", isNumber: true), .init(title: "STATUS")]
        for channel in channels { columns.append(.init(title: channel.rawValue.uppercased(), isNumber: true)) }
        columns += [.init(title: "CUSTOMER", isFlexible: true), .init(title: "SUBJECT", isFlexible: true)]
        var table = Table(columns)
        for ticket in tickets {
            var cells = ["#\(ticket.number)", ticket.status]
            for channel in channels { cells.append(ticket.counters[channel].map { left($0, screen) } ?? "-") }
            table.add(cells: cells + [ticket.customer.shown, ticket.subject])
        }
        return table
    }

    private static func left(_ counter: Counter, _ screen: Screen) -> String {
        "\(counter.remaining)/\(counter.granted)" + (screen.isTerminal ? " " + Bar.text(counter.remaining, of: counter.granted) : "")
    }
}

enum EntryTable {
    static func make(_ entries: [EntryView]) -> Table {
        var table = Table([
            .init(title: "ENTRY", isNumber: true), .init(title: "TIME"), .init(title: "KIND"), .init(title: "CHANNEL"),
            .init(title: "CREDITS", isNumber: true), .init(title: "LEFT", isNumber: true), .init(title: "WHO", isFlexible: true),
        ])
        for entry in entries {
            table.add(
                entry.id.description, minute(entry), entry.kind.rawValue, entry.channel.rawValue, String(entry.quantity),
                String(entry.balanceAfter), entry.agent)
        }
        return table
    }

    private static func minute(_ entry: EntryView) -> String {
        String(Timestamp.text(entry.effectiveAt).prefix(16).replacing("T", with: " "))
    }
}

extension TicketView {
    var facts: [(String, String)] {
        var facts = [("status", status), ("priority", priority), ("customer", customer.shown)]
        if let order { facts.append(("order", "\(order.number) (\(order.status))")) }
        if orders.count > 1 { facts.append(("orders", orders.map(\.number).joined(separator: ", "))) }
        facts.append(("opened", String(Timestamp.text(openedAt).prefix(16).replacing("T", with: " ")) + " UTC"))
        if let topUpURL { facts.append(("top-up", topUpURL)) }
        return facts
    }
}

extension CustomerView {
    /// Who they are, with the id that commands take.
    var shown: String { (name ?? email).map { "\($0) (\(id))" } ?? "(\(id))" }
}
