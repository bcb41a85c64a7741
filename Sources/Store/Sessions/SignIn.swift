import Crypto
import Domain
import FoundationEssentials
import Postgres
import Synchronization

/// What came of an attempt to sign in.
public enum SignInOutcome: Sendable {
    case right(Staff)
    /// The password is right at several shops.
    case several([Staff])
    /// Unknown address, wrong password, retired: never told apart.
    case wrong
    /// Too many attempts: the next is looked at after so long, in whole seconds.
    case wait(seconds: Int)
}

/// How signing in slows down after failures. Kept in the database, so that all daemons agree.
public enum SignInPace: String, Sendable, CaseIterable {
    case account, address

    /// Attempts without a wait.
    public var freeMax: Int { self == .account ? 5 : 20 }
    /// The longest wait, in seconds. That of an account is short, because anybody can bring it about.
    public var waitSecondsMax: Int { self == .account ? 300 : 900 }
    /// Failures are forgotten after so long without another.
    public static let forgetSeconds = 86_400.0
    /// Attempts in this process that wait for their password to be checked; further ones are told to come again.
    public static let checkingMax = 30
    public static let checkingWaitSeconds = 5
    /// Shops at which one address is tried.
    public static let shopsMax = 8

    /// Seconds to wait after so many failures: none, then 1, 2, 4 and so on.
    public func waitSeconds(afterAttempts attempts: Int) -> Int {
        guard attempts >= freeMax else { return 0 }
        return min(waitSecondsMax, 1 << min(attempts - freeMax, 20))
    }
}

/// Attempts that are being decided in this process.
enum SignInGate {
    private static let checking = Atomic<Int>(0)

    static func enter() -> Bool {
        if checking.wrappingAdd(1, ordering: .relaxed).newValue <= SignInPace.checkingMax { return true }
        leave()
        return false
    }

    static func leave() { checking.wrappingSubtract(1, ordering: .relaxed) }
}

/// One name that attempts are counted under.
struct SignInName: Sendable {
    let pace: SignInPace
    let hash: [UInt8]

    init(_ pace: SignInPace, _ text: String) {
        self.pace = pace
        hash = Array(SHA256.hash(data: Array(text.utf8)))
    }

    /// Counts an attempt before it is decided, so that many at once cannot outrun the count; else the seconds to wait, uncounted.
    static func count(_ connection: Connection, _ names: [SignInName], now: Date) throws -> Int? {
        let known = try names.map { try $0.lock(connection, now: now) }
        let wait = known.map { $0.waitUntil.timeIntervalSince(now) }.max() ?? 0
        if wait > 0 { return max(1, Int(wait.rounded(.up))) }
        for (name, before) in zip(names, known) {
            let attempts = before.attempts + 1
            let until = now.addingTimeInterval(Double(name.pace.waitSeconds(afterAttempts: attempts)))
            try connection.execute(
                """
                UPDATE sign_in_failure SET attempts = \(attempts)::integer, last_at = \(now)::timestamptz, wait_until = \(until)::timestamptz
                 WHERE kind = \(name.pace.rawValue) AND hash = \(name.hash)
                """)
        }
        return nil
    }

    /// The attempt was right after all: the account's failures are forgotten, the address has one fewer.
    static func clear(_ connection: Connection, _ names: [SignInName], now: Date) throws {
        for name in names {
            switch name.pace {
            case .account:
                try connection.execute("DELETE FROM sign_in_failure WHERE kind = \(name.pace.rawValue) AND hash = \(name.hash)")
            case .address:
                try connection.execute(
                    """
                    UPDATE sign_in_failure SET attempts = greatest(attempts - 1, 0), wait_until = \(now)::timestamptz
                     WHERE kind = \(name.pace.rawValue) AND hash = \(name.hash)
                    """)
            }
        }
    }

    private func lock(_ connection: Connection, now: Date) throws -> (attempts: Int, waitUntil: Date) {
        try connection.execute(
            """
            INSERT INTO sign_in_failure (kind, hash, attempts, last_at, wait_until)
            VALUES (\(pace.rawValue), \(hash), 0, \(now)::timestamptz, \(now)::timestamptz) ON CONFLICT ON CONSTRAINT sign_in_failure_pkey DO NOTHING
            """)
        let known = try connection.queryOne(
            "SELECT attempts, last_at, wait_until FROM sign_in_failure WHERE kind = \(pace.rawValue) AND hash = \(hash) FOR UPDATE"
        ) { row in (attempts: try row.next(Int.self), lastAt: try row.next(Date.self), waitUntil: try row.next(Date.self)) }
        guard let known, now.timeIntervalSince(known.lastAt) < SignInPace.forgetSeconds else { return (0, now) }
        return (known.attempts, known.waitUntil)
    }
}
