/// What an export needs of a grant.
struct KnownGrant: Sendable {
    let id: Int64
    /// Its place among the currencies that were seen.
    let currency: Int
    let order: Int64?
    let line: Int64?
}

/// The grants that an export was with lately. Ids come one after the other and work goes on with what is young, so an id's place follows from the id
/// alone: looking one up costs no hashing, and one that is as young takes the place of the one before.
struct KnownGrants: Sendable {
    /// Three months of a shop with a thousand grants a day; 6 MB. A power of two.
    private static let places = 131_072

    private var grants: [KnownGrant?] = []

    subscript(id: Int64) -> KnownGrant? {
        guard !grants.isEmpty, let grant = grants[KnownGrants.place(id)], grant.id == id else { return nil }
        return grant
    }

    mutating func keep(_ grant: KnownGrant) {
        if grants.isEmpty { grants = [KnownGrant?](repeating: nil, count: KnownGrants.places) }
        grants[KnownGrants.place(grant.id)] = grant
    }

    private static func place(_ id: Int64) -> Int { Int(id & Int64(places - 1)) }
}
