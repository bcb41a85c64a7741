import Foundation
import Synchronization

/// A clock that stands still until a test moves it.
public final class TestClock: Sendable {
    private let instant: Mutex<Date?>

    /// Not a standing clock but the machine's, for tests beside a daemon that has that one.
    public static let running = TestClock(nil)

    public init(_ start: Date? = Date(timeIntervalSince1970: 1_795_320_000)) { instant = Mutex(start) }

    public var now: Date { instant.withLock { $0 } ?? Date() }

    public func advance(seconds: Double) { instant.withLock { $0 = $0?.addingTimeInterval(seconds) } }

    public func set(_ date: Date) { instant.withLock { $0 = date } }
}
