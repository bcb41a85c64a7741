import Foundation
import Synchronization

struct ChaosError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// A value behind a lock.
final class Locked<Value: Sendable>: Sendable {
    private let value: Mutex<Value>
    init(_ value: Value) { self.value = Mutex(value) }
    func with<Result: Sendable>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        try value.withLock { try body(&$0) }
    }
}

/// Lets time pass: for load that has a pace, and for faults that strike at an instant. Not a way to wait for something; that is `eventually`.
func pace(_ seconds: Double) async {
    await withCheckedContinuation { continuation in
        DispatchQueue.global().asyncAfter(deadline: .now() + max(0, seconds)) { continuation.resume() }
    }
}

/// Asks again and again until there is a value. Throws when there is none within so many seconds.
func eventually<Value: Sendable>(_ what: @autoclosure () -> String, within seconds: Double, _ look: () async throws -> Value?) async throws -> Value {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
        if let value = try await look() { return value }
        guard ContinuousClock.now < deadline else { throw ChaosError("not within \(seconds) seconds: \(what())") }
        await pace(0.02)
    }
}

/// The same for something that becomes true.
func eventually(_ what: @autoclosure () -> String, within seconds: Double, _ look: () async throws -> Bool) async throws {
    _ = try await eventually(what(), within: seconds) { try await look() ? true : nil }
}

/// Seconds on a clock that only goes forward.
func seconds(since start: ContinuousClock.Instant) -> Double { (ContinuousClock.now - start) / .seconds(1) }

/// SplitMix64: a printed seed replays the draws (the interleaving of processes is the machine's).
struct ChaosRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
