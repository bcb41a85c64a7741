import ArgumentParser
import FoundationEssentials
import Store

struct FeedStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show how a shop's feed is doing, and which orders a person should look at.")

    @OptionGroup var shop: ShopFlag
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let (slug, status) = try await Database.use(settings.resolve()) { store -> (String, FeedStatus) in
            let found = try await shop.find(store)
            return (found.slug, try await store.feedStatus(found))
        }
        if format.json { return Output.line(status.json) }
        var table = Table([.init(title: "FEED"), .init(title: slug, isFlexible: true)])
        for (name, value) in status.facts { table.add(name, value) }
        table.print(format.screen)
        guard !status.flagged.isEmpty else { return }
        var flagged = Table([
            .init(title: "ORDER", isNumber: true), .init(title: "NUMBER"), .init(title: "STATUS"), .init(title: "LOOK AT", isFlexible: true),
        ])
        for order in status.flagged { flagged.add("\(order.order)", order.number, order.status, order.flags.joined(separator: ", ")) }
        Output.line("")
        flagged.print(format.screen)
    }
}

extension FeedStatus {
    fileprivate var facts: [(String, String)] {
        var facts = [("kind", kind.rawValue), ("last pass", lastPass)]
        if let lagSeconds { facts.append(("seen up to", "\(Int(lagSeconds)) s ago")) }
        if let error = state?.passError { facts.append(("trouble", error)) }
        if let since = state?.awaySince { facts.append(("away since", Timestamp.text(since))) }
        facts += [
            ("orders", String(orders)), ("not usable yet", String(notUsableYet)), ("rejects", String(openRejects)),
            ("waiting", String(waitingHints + waitingDeliveries)),
        ]
        return facts
    }

    private var lastPass: String {
        guard let state, state.passStartedAt != nil else { return "never" }
        return state.passEndedAt.map(Timestamp.text) ?? "running"
    }
}
