import Foundation
import Store
import TestSupport
import Testing

/// `performance.md`: an idle daemon takes 60 MB and half a percent of a core. The figures are of a release binary on a quiet machine; here,
/// with a debug binary, they are printed, and only what is far beyond them (a loop that spins, a leak) fails.
@Suite(.serialized) struct IdleTests {
    private static let seconds = ProcessInfo.processInfo.environment["SUPPORTMETER_IDLE_SECONDS"].flatMap { Double($0) } ?? 20
    private static let megabytesMax = 150.0
    private static let percentMax = 5.0

    @Test("an idle daemon with a shop that it polls takes little memory and hardly any processor")
    func idle() async throws {
        try await ChaosShop.with { shop in
            try shop.stock(orders: 3)
            try await ServeFixture.with(shopURL: shop.address) { fixture in
                var change = ShopChange()
                change.pollSeconds = 60
                _ = try await fixture.chaos.store.setShop(fixture.chaos.shop, change, by: .commandLine).get()
                let daemon = try fixture.serve()
                _ = try await daemon.address()
                try await fixture.chaos.waitForPass(asking: true)
                let before = try processorSeconds(daemon.pid)
                await pace(Self.seconds)
                let percent = (try processorSeconds(daemon.pid) - before) / Self.seconds * 100
                let megabytes = try residentMegabytes(daemon.pid)
                print("chaos: idle: \(String(format: "%.1f", megabytes)) MB, \(String(format: "%.2f", percent)) % of a core over \(Int(Self.seconds)) s")
                #expect(megabytes < Self.megabytesMax)
                #expect(percent < Self.percentMax)
                #expect(try await daemon.stop() == 0)
            }
        }
    }

    /// User and system time; fields 14 and 15 of proc(5)'s stat, behind the name in parentheses.
    private func processorSeconds(_ pid: pid_t) throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else { throw ChaosError("/proc/\(pid)/stat is strange") }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private func residentMegabytes(_ pid: pid_t) throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return (line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) } ?? 0) / 1024
    }
}
