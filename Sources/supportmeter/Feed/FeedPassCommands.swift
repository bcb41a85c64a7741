import ArgumentParser
import Domain
import Logging
import OrderFeed
import Store

struct FeedPollCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "poll", abstract: "Read the shop until everything is known, and print the figures.",
        discussion: """
            Takes the shop's lease, or asks the daemon that has it to make a pass and waits up to 60 seconds. Does not wait out a backoff.
            What is rejected is kept and listed, and does not change exit 0; a shop that cannot be reached is exit 69.
            """)

    @OptionGroup var shop: ShopFlag
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        try await FeedWork.run(settings.resolve(), shop, format) { try await $0.poll($1) }
    }
}

struct FeedSweepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep", abstract: "Read again every order whose credits may still count.",
        discussion: "Some changes at the shop move no modification time. The daemon sweeps daily.")

    @OptionGroup var shop: ShopFlag
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        try await FeedWork.run(settings.resolve(), shop, format) { try await $0.sweep($1) }
    }
}

struct FeedReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Try again what could not be understood: all of it, or one reject.",
        discussion: "Of one reject: exit 1 when it is still not understood.")

    @Argument(help: ArgumentHelp("The reject, as `feed rejects` lists it.", valueName: "id"))
    var id: Int64?

    @OptionGroup var shop: ShopFlag
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        try await FeedWork.run(settings.resolve(), shop, format) { desk, shop in
            guard let id else { return try await desk.replayAll(shop) }
            switch try await desk.replay(RejectID(id), shop) {
            case .takenIn(let figures): return figures
            case .stillRejected(let reason): throw CommandFailure.no("reject \(id): \(reason)")
            case nil: throw CommandFailure.no("there is no reject \"\(id)\"")
            }
        }
    }
}

/// Work on one feed by hand: opens, works, tells the figures.
enum FeedWork {
    static func run(
        _ settings: Settings, _ shop: ShopFlag, _ format: OutputFlags, _ work: (FeedDesk, Shop) async throws -> IntakeFigures
    ) async throws {
        let figures = try await Database.use(settings) { store in
            let shop = try await shop.find(store)
            do {
                return try await work(FeedDesk(store: store, logger: settings.logger()), shop)
            } catch let failure as FeedFailure {
                throw failure.asUnreachable
            }
        }
        let sentence = "seen \(figures.seen), changed \(figures.changed), ignored \(figures.ignored), rejected \(figures.rejected)"
        format.one(sentence) { json in
            json.object { json in
                json.field("seen", figures.seen)
                json.field("changed", figures.changed)
                json.field("ignored", figures.ignored)
                json.field("rejected", figures.rejected)
            }
        }
    }
}
