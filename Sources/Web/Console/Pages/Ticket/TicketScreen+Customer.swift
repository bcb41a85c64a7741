import Domain
import FoundationEssentials
import Store

/// Who the ticket belongs to: ways to reach them, their other tickets, their orders and what they spent.
extension TicketScreen {
    func customer() -> PageData {
        let card = page.customer
        var who: PageData = [
            "customer_name": .text(card.customer.name ?? localizer.text(card.isErased ? "customer.erased" : "customer.no_name")),
            "since": .text(localizer.day(card.since)), "emails": .list(addresses(.email)), "phones": .list(addresses(.phone)),
            "posts": .list(addresses(.postal)), "speaks": .text(card.language.map(LanguageName.own) ?? ""),
            "shop_number": .text(card.shopCustomer?.description ?? ""), "is_guest": .flag(card.shopCustomer == nil),
        ]
        who["spend"] = .list(card.spend.map { one in
            ["sum": .text(money(one.minor, one.currency)), "orders_count": .text(localizer.text("customer.orders_count", ["count": one.orders]))]
        })
        let statement = visitor.may(.report) ? "/reports?customer=\(card.customer.id)" : ""
        return [
            "statement_address": .text(statement), "customer": .data(who), "other_tickets": .list(page.others.map(other)), "has_others": .flag(!page.others.isEmpty),
            "more_tickets": .flag(card.ticketCount > page.others.count + 1), "orders": .list(page.orders.map(order)),
            "has_orders": .flag(!page.orders.isEmpty),
        ]
    }

    /// All of one kind; the customer's usual one first, also when no order or message named it.
    private func addresses(_ kind: CustomerAddress.Kind) -> [PageData] { known(kind).map { ["value": .text($0)] } }

    func known(_ kind: CustomerAddress.Kind) -> [String] {
        let usual = kind == .email ? page.customer.customer.email : kind == .phone ? page.customer.customer.phone : nil
        let named = page.customer.addresses.filter { $0.kind == kind }.map(\.value)
        return [usual].compactMap { $0 } + named.filter { $0 != usual }
    }

    private func money(_ minor: Int64, _ code: String) -> String {
        Currency(code).map { localizer.money(Money(minorUnits: minor, currency: $0)) } ?? "\(minor) \(code)"
    }

    private func other(_ row: TicketListRow) -> PageData {
        let left = row.ticket.counters.sorted { $0.key < $1.key }.map { credits($0.value.remaining, $0.key) }.joined(separator: ", ")
        return [
            "other_number": .text(row.ticket.number.description), "other_subject": .text(row.ticket.subject),
            "other_status": .text(statusName(row.ticket.status)), "other_left": .text(left),
        ]
    }

    private func order(_ order: OrderCard) -> PageData {
        [
            "order_number": .text(order.number), "order_status": .text(order.status), "total": .text(money(order.total, order.currency)),
            "order_day": .text(localizer.day(order.paidAt ?? order.createdAt)), "of_this": .flag(order.isOfThisTicket),
            "usability": .text(localizer.text(family: "usability", TextFamilies.usabilities.contains(order.usability) ? order.usability : "ended")),
            "usability_class": .text(order.usability == "entitled" ? "good" : order.usability == "ended" ? "" : "warn"),
        ]
    }

    /// Status, priority, assignee and tags, with what may be chosen.
    func properties() -> PageData {
        let (desk, me) = (page.desk, visitor.staff.id)
        let tags = sheet.typed(.tags, "tags") ?? desk.tags.joined(separator: ", ")
        return [
            "statuses": .list(
                TicketStatus.allCases.map { status in
                    let isReopening = status == .open && (ticket.status == "solved" || ticket.status == "closed")
                    return [
                        "code": .text(status.rawValue), "chosen": .flag(status.rawValue == ticket.status),
                        "option": .text(isReopening ? localizer.text("ticket.reopen") : statusName(status.rawValue)),
                    ]
                }),
            "priorities": .list(
                Priority.allCases.map { priority in
                    ["code": .text(priority.rawValue), "chosen": .flag(priority.rawValue == ticket.priority), "option": .text(priorityName(priority.rawValue))]
                }),
            "people": .list(
                people.filter { $0.role.may(.assign) }.map { person in
                    ["code": .text(person.id.description), "chosen": .flag(person.id == desk.assignee?.id), "option": .text(person.name)]
                }),
            "is_mine": .flag(desk.assignee?.id == me), "is_nobodys": .flag(desk.assignee == nil), "tags": .text(tags),
            "property_problem": .text([.assign, .status, .priority, .tags].contains(sheet.form) ? sheet.problem ?? "" : ""),
        ]
    }
}
