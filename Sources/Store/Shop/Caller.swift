import Domain

/// Who asks, and what they may do.
public struct Caller: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable { case user, token, system }

    public let kind: Kind
    /// What entries show: staff's e-mail address, a token's label, or `operator` for the command line.
    public let label: String
    /// Of staff.
    public let role: Role?
    /// Of tokens.
    public let scopes: Set<TokenScope>

    /// Someone of the staff.
    public static func user(_ email: String, role: Role) -> Caller { Caller(kind: .user, label: email, role: role, scopes: []) }
    /// Another program.
    public static func token(_ label: String, scopes: Set<TokenScope>) -> Caller {
        Caller(kind: .token, label: label, role: nil, scopes: scopes)
    }
    /// Whoever runs the command line beside the database: may do everything.
    public static let commandLine = Caller(kind: .system, label: "operator", role: nil, scopes: [.admin])

    /// How far the permission goes for this caller.
    public func allowance(for permission: Permission, leadCap: Int64) -> Allowance {
        if let role { return role.allowance(for: permission, leadCap: leadCap) }
        return TokenScope.needed(for: permission).isGiven(by: scopes) ? .unlimited : .none
    }

    /// Nil when the caller may; else what refuses it.
    public func refusal(for permission: Permission) -> Refusal? {
        if let role { return role.may(permission) ? nil : .notPermitted(role: role, permission: permission) }
        let needed = TokenScope.needed(for: permission)
        return needed.isGiven(by: scopes) ? nil : .scopeMissing(needed)
    }
}
