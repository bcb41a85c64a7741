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
