import ArgumentParser
import FoundationEssentials
import Store

struct FeedRejectsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rejects", abstract: "List what could not be understood; it is kept raw until it is replayed.")

    @Argument(help: ArgumentHelp("Show this one, raw.", valueName: "id"))
    var id: Int64?

    @Flag(help: "Also those that were made good.")
    var all = false

    @OptionGroup var shop: ShopFlag
    @OptionGroup var page: PageFlags
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        if let id { return try await show(RejectID(id)) }
        let rejects = try await Database.use(settings.resolve()) { store in
            try await store.rejects(
                shop.find(store).id, after: page.after.map { RejectID($0) }, limit: page.limit, includingResolved: all)
        }
        let next = rejects.count == page.limit ? rejects.last?.id.description : nil
        format.list(rejects, empty: "nothing was rejected", next: next, json: { $1.write(&$0, isRaw: false) }) {
            var table = Table([
                .init(title: "REJECT", isNumber: true), .init(title: "SOURCE"), .init(title: "ORDER", isNumber: true),
                .init(title: "SEEN"), .init(title: "TIMES", isNumber: true), .init(title: "REASON", isFlexible: true),
            ])
            for reject in rejects {
                table.add(
                    "\(reject.id)", reject.source.rawValue, reject.order.map { "\($0)" } ?? "-",
                    String(Timestamp.text(reject.receivedAt).prefix(16).replacing("T", with: " ")), String(reject.times), reject.reason)
            }
            return table
        }
    }

    private func show(_ id: RejectID) async throws {
        let found = try await Database.use(settings.resolve()) { try await $0.reject(id, in: shop.find($0).id) }
        guard let reject = found else { throw CommandFailure.no("there is no reject \"\(id)\"") }
        if format.json { return format.one("") { reject.write(&$0, isRaw: true) } }
        Output.note(TextWidth.plain(reject.reason))
        Output.line(reject.raw)
    }
}

extension Reject {
    fileprivate func write(_ json: inout JSONWriter, isRaw: Bool) {
        json.object { json in
            json.field("id", id.rawValue)
            json.field("source", source.rawValue)
            json.field("order", order?.rawValue)
            json.field("topic", topic)
            json.field("reason", reason)
            json.field("received_at", Timestamp.text(receivedAt))
            json.field("times", times)
            json.field("last_at", Timestamp.text(lastAt))
            json.field("resolved_at", resolvedAt.map(Timestamp.text))
            if isRaw {
                json.field("raw", raw)
                json.field("refunds", refunds)
            }
        }
    }
}
