import Domain
import FoundationEssentials
import Postgres

/// A month that is to be written into a folder, under the lease of whoever took it.
public struct MonthExportClaim: Sendable, Hashable {
    public let shop: ShopID
    public let books: MonthBooks
    /// From 1; another one when the month's books were closed or opened again since the last.
    public let revision: Int
    /// Stands in the manifest, so that a folder is known again by whoever finishes what another began.
    public let key: String
    /// The folder of the revision before.
    public let supersedes: String?
    /// How often it failed in a row.
    public let failures: Int
    public let owner: String

    public var month: CivilDay { books.month }
}

/// A month that was written, or could not be yet.
public struct MonthExportView: Sendable, Hashable {
    public let month: CivilDay
    public let revision: Int
    /// Nil: not yet.
    public let madeAt: Date?
    /// Its name within the shop's folder.
    public let folder: String?
    /// Why the last try failed, in plain words; nil when it did not.
    public let error: String?
}

/// Which months are written by themselves, and when.
public enum MonthExportRules {
    /// Months before this one that a daemon looks at: so far back it writes what was missed, or what came before there was a folder.
    public static let monthsBack = 12
    /// Characters of an error that are kept.
    static let errorMax = 300
}
