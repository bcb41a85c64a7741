import Domain
import Foundation
import Store
import TestSupport
import Testing

/// The API fuzzed from its own document: no 5xx, no undocumented answer, nothing taken that the document forbids.
///
/// `SUPPORTMETER_FUZZ_EXAMPLES` sets how many requests each operation gets at most.
@Suite struct FuzzTests {
    private static let examplesDefault = "15"

    @Test("schemathesis finds no fault: no 5xx, no undocumented status, type, header or shape, no bad data taken, no open door")
    func anything() async throws {
        try await fuzz(phases: "examples,coverage,fuzzing", settings: Self.settings)
    }

    @Test("nor does it with ids that exist and keys that are new, which lead behind the first checks")
    func existing() async throws {
        try await fuzz(phases: "examples,fuzzing", settings: Self.settings + Self.places, hooks: Self.freshKeys)
    }

    /// On the real binary: a server in this process would stand still while other tests compute.
    private func fuzz(phases: String, settings: String, hooks: String = "") async throws {
        if let reason = try await Schemathesis.install() { try Test.cancel("not fuzzed: \(reason)") }
        try await CommandFixture.with { fixture in
            let shop = try await TestShop.add(to: fixture.test)
            let ticket = try await shop.ticket(order: 1, quantity: 10_000)
            let token = try await shop.store.createToken(scopes: [.admin], label: "fuzz", for: shop.id, by: .commandLine).get().text.value
            let url = try fixture.file("url", fixture.test.database.url)
            let daemon = try DaemonProcess(["serve", "--listen", "127.0.0.1:0", "--log-level", "warning", "--database-url-file", url])
            let address = try await daemon.address()
            let client = APIClient(token: token)
            #expect(try await client.spend(address, ticket: ticket.rawValue, channel: "email", key: "a").status == 201)
            let held = try await client.post(address + "/api/v1/tickets/\(ticket)/holds", #"{"channel":"email","quantity":1}"#, key: "h")
            #expect(held.status == 201)
            let examples = ProcessInfo.processInfo.environment["SUPPORTMETER_FUZZ_EXAMPLES"] ?? Self.examplesDefault
            let result = try await Schemathesis.fuzz(
                address, token: token, settings: settings.replacing("TICKET", with: ticket.description), hooks: Self.nobodyIsCalled + hooks,
                arguments: [
                    "--phases", phases, "--max-examples", examples, "--continue-on-failure", "--suppress-health-check", "all", "--request-timeout", "30",
                ])
            #expect(result.status == 0, "\(result.findings)")
            #expect(daemon.logLines.filter { $0.contains("internal error") } == [])
            #expect(try await daemon.stop() == 0, "\(daemon.logged)")
            await client.http.shutdown()
        }
    }

    /// The ledger may refuse a request that is well-formed: an unknown channel, a key used before, too few credits. A batch takes
    /// whatever is a list and tells each item's outcome by itself.
    private static let settings = """
        headers = { Authorization = "Bearer ${FUZZ_TOKEN}" }

        [checks]
        positive_data_acceptance.expected-statuses = ["2xx", 401, 402, 403, 404, 409, 422]

        [[operations]]
        include-operation-id = "bookUsages"
        checks.negative_data_rejection.enabled = false

        """

    private static let places = """
        [parameters]
        "path.number" = TICKET
        "path.id" = 1
        "path.slug" = "demo"
        "path.shop" = "demo"

        """

    /// Outgoing webhooks that the fuzzer makes up must lead to nobody.
    private static let nobodyIsCalled = """
        import re
        import uuid
        import schemathesis

        @schemathesis.hook
        def before_call(context, case, kwargs):
            if isinstance(case.body, dict) and isinstance(case.body.get("url"), str) and case.meta and case.meta.generation.mode.is_positive:
                case.body["url"] = re.sub("^(https?://)[^/?]+", r"\\g<1>127.0.0.1:9", case.body["url"])
            fresh_keys(case)

        def fresh_keys(case):
            pass

        """

    private static let freshKeys = """

        def fresh_keys(case):
            if case.headers and "Idempotency-Key" in case.headers and case.meta and case.meta.generation.mode.is_positive:
                case.headers["Idempotency-Key"] = str(uuid.uuid4())
        """
}
