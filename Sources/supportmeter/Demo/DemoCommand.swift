import ArgumentParser
import DemoShop
import Foundation
import Logging
import ServiceLifecycle
import Store

/// The daemon beside a shop that keeps selling.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Runs the daemon with a built-in shop that keeps selling, customers who write, and agents who answer.",
        discussion: """
            The shop answers the WooCommerce REST API over real HTTP; the daemon polls it, is pushed its webhooks, and knows nothing of its being ours.
            Without a data folder everything lies in a temporary one that goes when the demo ends.
            """)

    @OptionGroup var flags: ServerSettingsFlags

    @Option(help: ArgumentHelp("Seconds between two happenings in the shop.", valueName: "seconds"))
    var pace: Double = 2

    @Option(help: ArgumentHelp("The shop's and the agents' chance: the same seed plays the same.", valueName: "number"))
    var seed: UInt64 = 1

    func validate() throws {
        guard (0.05...3600).contains(pace) else { throw ValidationError("--pace: expected 0.05 to 3600 seconds, found \(pace)") }
    }

    func run() async throws {
        let stop = await StopSignal(hangUp: true)
        let folder = try DemoFolder(flags)
        defer { folder.remove() }
        let settings = try flags.resolve(dataDirectory: folder.path)
        let daemon = try await Daemon.open(settings, standard: .notice) // a line a request would carry the greeting away
        let logger = settings.logger("demo", standard: .warning)
        let shop = try DemoSetup.makeShop(seed: seed, logger: logger)
        let shopping = ServiceGroup(services: [shop], logger: logger)
        let selling = Task { try await shopping.run() }
        let setup: DemoSetup
        do {
            setup = try await DemoSetup.prepare(daemon.store, shopURL: shop.address, configuration: shop.configuration)
        } catch {
            await daemon.close()
            throw error
        }
        let ended = await Task { try await show(daemon, shop, setup, settings, until: stop) }.result
        await shopping.triggerGracefulShutdown()
        try? await selling.value
        try ended.get()
    }

    private func show(_ daemon: Daemon, _ shop: DemoShop, _ setup: DemoSetup, _ settings: Settings, until stop: StopSignal) async throws {
        let logger = settings.logger("demo", standard: .warning)
        try await daemon.run(until: stop) { [pace, seed] address in
            let pushes = DemoPushes(address: address, logger: logger)
            var life = ShopLife(shop: shop, logger: logger, push: pushes.push)
            life.pause = .seconds(pace)
            let agents = DemoAgents(
                address: address, token: setup.token, store: daemon.store, shop: setup.shop, pause: .seconds(pace / 2), seed: seed, logger: logger)
            let talk = DemoConversation(store: daemon.store, setup: setup, pause: .seconds(pace), logger: logger)
            return [life, agents, talk, DemoTicker(store: daemon.store, shop: setup.shop)]
        } listening: { address in
            DemoGreeting(address: address, setup: setup, settings: settings).show()
        }
    }
}
