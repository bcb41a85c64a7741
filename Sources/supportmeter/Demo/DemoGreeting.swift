import Foundation

/// What to open and what to type next.
struct DemoGreeting {
    let address: String
    let setup: DemoSetup
    let settings: Settings

    func show() {
        Output.line("listening on \(address)")
        let program = CommandLine.arguments.first ?? "supportmeter"
        let database = settings.databaseURL == nil ? " --data-dir \(settings.dataDirectory)" : ""
        Output.line(
            """

            A shop is selling paid support; its orders become tickets here, and agents spend the credits.

            Look:   curl -s -H "Authorization: Bearer \(setup.token)" \(address)/api/v1/tickets?limit=3
            Spend:  curl -s -X POST -H "Authorization: Bearer \(setup.token)" -H "Idempotency-Key: my-first-key" \\
                         -d '{"channel":"email","quantity":1}' \(address)/api/v1/tickets/1001/usages
            Or from another terminal:
                    \(program) ticket list\(database)
                    \(program) balance 1001\(database)
                    \(program) use 1001 --channel email --quantity 1\(database)
                    \(program) verify\(database)

            The API is described at \(address)/openapi.json, metrics are at \(address)/metrics.
            Sign-in: \(setup.email) with the password \(setup.password)
            Ctrl-C ends the demo.

            """)
    }
}
