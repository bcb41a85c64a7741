import Synchronization
import Testing

@testable import Postgres

@Suite struct TurnsTests {
    private struct Mistake: Error {}

    private final class Peak: Sendable {
        let most = Mutex(0)
    }

    @Test("no more are in at a time than may, everybody comes in, and whoever fails leaves too")
    func most() async throws {
        let (turns, inside, peak) = (Turns(most: 3, waitingMax: 100, waitSecondsMax: 60), Tally(), Peak())
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<60 {
                group.addTask {
                    _ = try? await turns.take {
                        let now = inside.add()
                        peak.most.withLock { $0 = max($0, now) }
                        await Task.yield()
                        inside.add(-1)
                        if number.isMultiple(of: 3) { throw Mistake() }
                    }
                }
            }
        }
        #expect(inside.value == 0)
        #expect((1...3).contains(peak.most.withLock { $0 }))
        #expect(try await turns.take { 7 } == 7)
    }

    @Test("a line that is full refuses, and who is cancelled while waiting leaves it")
    func refused() async throws {
        let (full, gate, entered) = (Turns(most: 1, waitingMax: 0, waitSecondsMax: 60), Gate(), Gate())
        let first = Task { try await full.take { entered.open(); await gate.wait() } }
        await entered.wait()
        await #expect { try await full.take { Issue.record("nobody else may be in") } } throws: { ($0 as? PostgresError)?.kind == .poolFull }
        gate.open()
        try await first.value

        let (turns, door, inside) = (Turns(most: 1, waitingMax: 1, waitSecondsMax: 60), Gate(), Gate())
        let holder = Task { try await turns.take { inside.open(); await door.wait() } }
        await inside.wait()
        let waiter = Task { try await turns.take { Issue.record("it was cancelled") } }
        waiter.cancel()
        // At once, while the place is still taken.
        await #expect { try await waiter.value } throws: { ($0 as? PostgresError)?.kind == .cancelled }
        door.open()
        try await holder.value
        #expect(try await turns.take { 1 } == 1)
    }

    @Test("a turn that does not come in time is refused, and the line goes on without who left it")
    func late() async throws {
        let (turns, door, inside) = (Turns(most: 1, waitingMax: 2, waitSecondsMax: 0.05), Gate(), Gate())
        let holder = Task { try await turns.take { inside.open(); await door.wait() } }
        await inside.wait()
        await #expect { try await turns.take { Issue.record("nobody else may be in") } } throws: { ($0 as? PostgresError)?.kind == .poolTimeout }
        door.open()
        try await holder.value
        #expect(try await turns.take { 1 } == 1)
    }
}
