import ArgumentParser

/// The whole command line.
struct SupportMeter: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "supportmeter", abstract: "Turns paid support orders of a WooCommerce shop into tickets with credits, and meters them.",
        discussion: """
            Exit codes: 0 done, 1 the answer is no, 2 wrong usage, 69 a needed service is not reachable.
            `supportmeter settings` lists all settings; `--generate-completion-script bash` (or zsh, fish) prints completions.
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(name: "Daemon:", subcommands: [ServeCommand.self, DemoCommand.self]),
            CommandGroup(name: "Database:", subcommands: [MigrateCommand.self, VerifyCommand.self, BackupCommand.self, RestoreCommand.self]),
            CommandGroup(
                name: "Administration:",
                subcommands: [
                    ShopCommand.self, ChannelCommand.self, PlanCommand.self, UserCommand.self, TokenCommand.self, HookCommand.self,
                    CustomerCommand.self, SettingsCommand.self,
                ]),
            CommandGroup(name: "Orders:", subcommands: [FeedCommand.self]),
            CommandGroup(
                name: "Credits:",
                subcommands: [
                    TicketCommand.self, BalanceCommand.self, UseCommand.self, HoldCommand.self, ReverseCommand.self, AdjustCommand.self,
                    TransferCommand.self, ReportCommand.self, PeriodCommand.self,
                ]),
        ])
}
