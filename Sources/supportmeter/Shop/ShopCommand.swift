import ArgumentParser

struct ShopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shop", abstract: "The shops whose orders become tickets.",
        subcommands: [
            ShopAddCommand.self, ShopSetCommand.self, ShopListCommand.self, ShopShowCommand.self, ShopRetireCommand.self,
            ShopTestCommand.self,
        ])
}
