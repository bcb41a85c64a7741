import Domain
import Foundation
import ServiceLifecycle
import Store

/// On a terminal, one line that moves: tickets so far, and what all of them have left. In a pipe nothing.
struct DemoTicker: Service {
    let store: Store
    let shop: ShopID

    private static let pause = Duration.seconds(1)

    func run() async throws {
        let screen = Screen.current(ProcessInfo.processInfo.environment)
        while await rest() {
            guard screen.isTerminal, let page = try? await store.tickets(in: shop, limit: Store.listMax) else { continue }
            var sums: [Channel: Counter] = [:]
            for ticket in page.items {
                for (channel, counter) in ticket.counters { sums[channel] = (sums[channel] ?? .zero) + counter }
            }
            let parts = sums.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.remaining) of \($0.value.granted)" }
            let count = page.next == nil ? "\(page.items.count)" : "newest \(page.items.count)"
            Output.write("\r\u{1B}[K\(count) tickets · left: " + parts.joined(separator: " · "))
        }
        if screen.isTerminal { Output.write("\n") }
    }

    private func rest() async -> Bool {
        do {
            try await cancelWhenGracefulShutdown { try await Task.sleep(for: DemoTicker.pause) }
            return !Task.isCancelled && !Task.isShuttingDownGracefully
        } catch {
            return false
        }
    }
}
