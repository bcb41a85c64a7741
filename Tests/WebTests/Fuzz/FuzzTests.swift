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
    func fuzz() async throws {
        if let reason = try await Schemathesis.install() { try Test.cancel("not fuzzed: \(reason)") }
        try await WebServer.with { server in
            for order in 1...3 { _ = try await server.shop.ticket(order: Int64(order), quantity: 1000) }
            let examples = ProcessInfo.processInfo.environment["SUPPORTMETER_FUZZ_EXAMPLES"] ?? Self.examplesDefault
            let result = try await Schemathesis.fuzz(
                server.address, token: server.admin, settings: Self.settings,
                arguments: [
                    "--phases", "examples,coverage,fuzzing", "--max-examples", examples, "--workers", "1", "--continue-on-failure",
                    "--suppress-health-check", "all",
                ])
            #expect(result.status == 0, "\(result.findings)")
            #expect(server.log.all.filter { $0.contains("internal error") } == [])
        }
    }

    /// The ledger may refuse a request that is well-formed: an unknown channel, a key used before, too few credits.
    private static let settings = """
        headers = { Authorization = "Bearer ${FUZZ_TOKEN}" }

        [checks]
        positive_data_acceptance.expected-statuses = ["2xx", 401, 402, 403, 404, 409, 422]
        """
}
