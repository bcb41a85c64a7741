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
        let people = setup.people.map { person in
            let role = person.role.rawValue.padding(toLength: 9, withPad: " ", startingAt: 0)
            return "        \(role) \(person.email.padding(toLength: 24, withPad: " ", startingAt: 0)) \(person.password.value)"
        }
        Output.line(
            """

            A shop is selling paid support; its orders become tickets here, and agents spend the credits.

            Open \(settings.publicURL ?? address) and sign in as one of (role, address, password):
            \(people.joined(separator: "\n"))

            Or look: curl -s -H "Authorization: Bearer \(setup.token)" \(address)/api/v1/tickets?limit=3
            Spend:   curl -s -X POST -H "Authorization: Bearer \(setup.token)" -H "Idempotency-Key: my-first-key" \\
                         -d '{"channel":"email","quantity":1}' \(address)/api/v1/tickets/1001/usages
            Or from another terminal:
                    \(program) ticket list\(database)
                    \(program) balance 1001\(database)
                    \(program) use 1001 --channel email --quantity 1\(database)
                    \(program) verify\(database)

            The API is described at \(address)/openapi.json, metrics are at \(address)/metrics.
            Ctrl-C ends the demo.

            """)
    }
}
