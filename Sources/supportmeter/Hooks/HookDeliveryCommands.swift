import ArgumentParser
import Channels
import Domain
import Store

extension HookDelivery.Status: ExpressibleByArgument {}

struct HookTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Send a hook a ping now, and say how that went.",
        discussion: "Exit 0 when it was delivered, 69 when it was not.")

    @OptionGroup var shop: ShopFlag

    @Argument(help: "Its number.")
    var id: Int64

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        try await HookWork.deliver(settings.resolve(), format) { store in
            try await store.testHook(HookID(id), in: shop.find(store).id, by: .commandLine).orRefuse()
        }
    }
}

struct HookRedeliverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redeliver", abstract: "Send a delivery again now, and say how that went.",
        discussion: "Exit 0 when it was delivered, 69 when it was not; it is then tried again for 24 hours.")

    @OptionGroup var shop: ShopFlag

    @Argument(help: "The delivery, as `hook deliveries` lists it.")
    var id: Int64

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        try await HookWork.deliver(settings.resolve(), format) { store in
            try await store.redeliver(HookDeliveryID(id), in: shop.find(store).id, by: .commandLine).orRefuse()
        }
    }
}

struct HookDeliveriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "deliveries", abstract: "List what a hook was sent, newest first.")

    @OptionGroup var shop: ShopFlag

    @Argument(help: "The hook's number.")
    var id: Int64

    @Option(help: "Only these.")
    var status: HookDelivery.Status?

    @OptionGroup var page: PageFlags
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let found = try await Database.use(settings.resolve()) { store in
            try await store.hookDeliveries(
                of: HookID(id), in: shop.find(store).id, status: status, after: page.after.map { HookDeliveryID($0) }, limit: page.limit
            ).orRefuse()
        }
        format.list(found.items, empty: "no delivery", next: found.next.map { "\($0)" }, json: { $1.write(&$0) }) {
            var table = Table([
                .init(title: "DELIVERY", isNumber: true), .init(title: "TOPIC"), .init(title: "STATUS"), .init(title: "TRIES", isNumber: true),
                .init(title: "CREATED"), .init(title: "TROUBLE", isFlexible: true),
            ])
            for delivery in found.items {
                let created = String(Timestamp.text(delivery.createdAt).prefix(16).replacing("T", with: " "))
                table.add("\(delivery.id)", delivery.topic, delivery.status.rawValue, String(delivery.attempts), created, delivery.lastError ?? "-")
            }
            return table
        }
    }
}

/// A delivery that a person waits for.
enum HookWork {
    static func deliver(_ settings: Settings, _ format: OutputFlags, _ line: (Store) async throws -> HookDelivery) async throws {
        let delivery = try await Database.use(settings) { store in
            let delivery = try await line(store)
            let logger = settings.logger()
            let sender = HookSender(userAgent: Daemon.userAgent, logger: logger)
            let sent = try await HookDeliverer(store: store, sender: sender, logger: logger).deliverNow(delivery)
            await sender.shutdown()
            return sent ?? delivery
        }
        let isDelivered = delivery.status == .delivered
        let trouble = delivery.lastError ?? "the daemon is sending it"
        if format.json || isDelivered { format.one("delivery \(delivery.id): delivered") { delivery.write(&$0) } }
        guard !isDelivered else { return }
        throw CommandFailure(message: format.json ? nil : "delivery \(delivery.id): \(delivery.status.rawValue): \(trouble)", exitCode: 69)
    }
}
