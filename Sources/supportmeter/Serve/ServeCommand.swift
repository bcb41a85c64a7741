import ArgumentParser

/// The daemon.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Runs the daemon: poller, webhook receiver, HTTP API, outgoing webhooks, sweepers.",
        discussion: """
            Without a database URL it starts a PostgreSQL of its own in the data folder and brings its schema up to date; a database given by URL
            must have been migrated. Prints `listening on http://...` on standard output once it answers; logs go to standard error.
            SIGTERM and SIGINT end it after what was accepted is finished.
            """)

    @OptionGroup var flags: ServerSettingsFlags

    func run() async throws {
        let settings = try flags.resolve()
        let stop = await StopSignal()
        let daemon = try await Daemon.open(settings)
        try await daemon.run(until: stop) { _ in [] } listening: { address in Output.line("listening on \(address)") }
    }
}
