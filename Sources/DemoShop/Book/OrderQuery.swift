/// A request for a page of orders, already checked.
struct OrderQuery: Sendable {
    enum Sorting: String, Sendable, CaseIterable {
        case date, id, include, title, slug, modified
    }

    static let perPageMax = 100

    var page = 1
    var perPage = 10
    var sorting = Sorting.date
    var isDescending = true
    /// `["any"]` is what a list shows without a status.
    var statuses = ["any"]
    var include: Set<Int> = []
    /// Bounds in seconds since 1970; the bounds themselves are left out.
    var modifiedAfter: Int?
    var modifiedBefore: Int?
    var createdAfter: Int?
    var createdBefore: Int?
}
