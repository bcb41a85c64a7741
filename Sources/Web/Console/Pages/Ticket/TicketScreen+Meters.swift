import Domain
import FoundationEssentials
import Store

/// What is left, channel by channel: the same figures as the API's (P10).
extension TicketScreen {
    /// The channels in use and those that the ticket ever had: e-mail, SMS and video first.
    var channels: [Channel] {
        let all = Set(visitor.shop.channels).union(ticket.counters.keys)
        return TextFamilies.channels.filter(all.contains) + all.subtracting(TextFamilies.channels).sorted()
    }

    func counter(_ channel: Channel) -> Counter { ticket.counters[channel] ?? .zero }
    func pool(_ channel: Channel) -> Int64 { ticket.pool[channel] ?? 0 }

    func meters() -> PageData { ["meters": .list(channels.map(meter))] }

    private func meter(_ channel: Channel) -> PageData {
        let (counter, pool) = (counter(channel), pool(channel))
        let isBought = counter.granted + pool > 0
        let level = !isBought ? "unbought" : counter.remaining + pool == 0 ? "none" : counter.remaining == 0 || page.desk.lowChannels.contains(channel) ? "low" : "fine"
        var data: PageData = [
            "channel": .text(channel.rawValue), "name": .text(localizer.channel(channel)), "level": .text(level),
            "left": .text(localizer.number(counter.remaining)), "remaining": .text(counter.remaining.description),
            "granted": .text(localizer.number(counter.granted)), "granted_plain": .text(max(counter.granted, 1).description),
            "used": .text(localizer.number(counter.used)), "held": .text(localizer.number(counter.held)),
            "spoken": .text(CreditMeter.words(channel, counter, localizer)),
            "expired": .text(part(counter.expired)), "revoked": .text(part(counter.revoked)), "shortfall": .text(part(counter.shortfall)),
            "is_held": .flag(counter.held > 0), "pool": .text(part(pool)), "state": .text(""),
        ]
        if !isBought { data["state"] = .text(localizer.text("list.no_credits")) }
        if level == "none" { data["state"] = .text(localizer.text("meter.none")) }
        if level == "low" { data["state"] = .text(localizer.text(counter.remaining == 0 ? "meter.pool_only" : "meter.low")) }
        data["grants"] = .list(grants(channel))
        return data
    }

    private func part(_ number: Int64) -> String { number > 0 ? localizer.number(number) : "" }

    /// What is left grant by grant, those of one last day together, the next to expire first. A grant is usable through the day before its expiry.
    private func grants(_ channel: Channel) -> [PageData] {
        var days: [(last: String?, credits: Int64)] = []
        for grant in page.grants where grant.channel == channel {
            let last = grant.expiresAt.map { localizer.day($0.addingTimeInterval(-1)) }
            if let index = days.firstIndex(where: { $0.last == last }) { days[index].credits += grant.remaining } else { days.append((last, grant.remaining)) }
        }
        return days.prefix(TicketScreen.expiryLinesMax).map { day in
            let count = localizer.number(day.credits)
            guard let last = day.last else { return ["expiry": .text(localizer.text("meter.never", ["number": count]))] }
            return ["expiry": .text(localizer.text("meter.through", ["number": count, "day": last]))]
        }
    }

    /// Days of expiry shown of one channel.
    private static let expiryLinesMax = 4
}

/// What a message costs and leaves, before it is sent.
struct MessageCost {
    let channel: Channel
    let quantity: Int64
    /// On the ticket, and what other tickets would lend.
    let available: Int64
    let length: SMSLength?

    /// By the same rule as the sending itself. `rule` is nil for a channel that the shop does not have.
    init(_ text: String, _ channel: Channel, rule: UnitRule?, available: Int64) {
        self.channel = channel
        self.available = available
        quantity = rule?.units(text: text)?.value ?? 1
        length = channel == .sms ? SMSLength(text) : nil
    }

    var suffices: Bool { quantity <= available }
}

extension TicketScreen {
    func cost(_ text: String, _ channel: Channel) -> MessageCost {
        MessageCost(text, channel, rule: visitor.shop.rules[channel]?.rule, available: counter(channel).remaining + pool(channel))
    }

    /// Of the composer's line on what a message costs.
    func costData(_ cost: MessageCost) -> PageData {
        var data: PageData = [
            "costs": .text(localizer.text("cost.costs", ["credits": credits(cost.quantity, cost.channel)])), "leaves": .text(""), "lacks": .text(""),
            "nothing_left": .flag(cost.available == 0), "units": .text(""),
        ]
        if cost.suffices {
            data["leaves"] = .text(localizer.text("cost.leaves", ["credits": credits(cost.available - cost.quantity, cost.channel)]))
        } else {
            data["lacks"] = .text(
                localizer.text(cost.available == 0 ? "cost.nothing" : "cost.lacks", ["credits": credits(cost.available, cost.channel)]))
        }
        if let length = cost.length {
            data["units"] = .text(
                localizer.text("cost.sms", ["segments": length.segments, "used": length.unitsUsed, "left": length.unitsLeft]))
        }
        return data
    }
}
