import ArgumentParser

struct FeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feed", abstract: "How a shop's orders are seen: by hand what the daemon does by itself.",
        subcommands: [
            FeedPollCommand.self, FeedSweepCommand.self, FeedStatusCommand.self, FeedRejectsCommand.self, FeedReplayCommand.self,
        ])
}
