/// What a token of another program may do.
public enum TokenScope: String, Hashable, Codable, Sendable, CaseIterable {
    /// Usages and holds.
    case usageWrite = "usage:write"
    /// All reads but reports.
    case balanceRead = "balance:read"
    case reportRead = "report:read"
    /// Everything.
    case admin

    /// True when one of the scopes gives this one.
    public func isGiven(by scopes: Set<TokenScope>) -> Bool { scopes.contains(self) || scopes.contains(.admin) }

    /// The scope that a permission asks of a token. A reversal by a token is a correction, and those are the admin's.
    public static func needed(for permission: Permission) -> TokenScope {
        switch permission {
        case .read: .balanceRead
        case .spend: .usageWrite
        case .report: .reportRead
        default: .admin
        }
    }

    /// Reads `usage:write,balance:read`; nil when it names none, or one that does not exist.
    public static func parse(list: String) -> Set<TokenScope>? {
        let names = list.split(separator: ",", omittingEmptySubsequences: false)
        let scopes = names.compactMap { TokenScope(rawValue: String($0.trimmingPrefix { $0 == " " })) }
        return scopes.count == names.count ? Set(scopes) : nil
    }
}
