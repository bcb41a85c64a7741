import Domain
import Foundation
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

    private func fuzz(phases: String, settings: String, hooks: String? = nil) async throws {
        if let reason = try await Schemathesis.install() { try Test.cancel("not fuzzed: \(reason)") }
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket(order: 1, quantity: 10_000)
            #expect(try await server.spend(ticket, "email", 1).status == 201)
            #expect(try await server.post("/api/v1/tickets/\(ticket)/holds", #"{"channel":"email","quantity":1}"#, key: "h").status == 201)
            let examples = ProcessInfo.processInfo.environment["SUPPORTMETER_FUZZ_EXAMPLES"] ?? Self.examplesDefault
            let result = try await Schemathesis.fuzz(
                server.address, token: server.admin, settings: settings.replacing("TICKET", with: ticket.description), hooks: hooks,
                arguments: ["--phases", phases, "--max-examples", examples, "--continue-on-failure", "--suppress-health-check", "all"])
            #expect(result.status == 0, "\(result.findings)")
            #expect(server.log.all.filter { $0.contains("internal error") } == [])
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

    private static let freshKeys = """
        import uuid
        import schemathesis

        @schemathesis.hook
        def before_call(context, case, kwargs):
            if case.headers and "Idempotency-Key" in case.headers and case.meta and case.meta.generation.mode.is_positive:
                case.headers["Idempotency-Key"] = str(uuid.uuid4())
        """
}
