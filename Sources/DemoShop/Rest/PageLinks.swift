/// The `Link` header of a list, with the parameters in the order WordPress repeats them, and its oddity past the last page
/// (`rel="prev"` may name `page=0`, which is a 400).
struct PageLinks {
    let url: String
    let query: QueryParameters
    /// What the list understood `status` to be; nil for lists without.
    let statuses: [String]?

    /// Nil when there is neither a page before nor one after.
    func header(page: Int, pages: Int, isEmpty: Bool) -> String? {
        var links: [String] = []
        if page > 1 { links.append("<\(address(min(page - 1, pages), isEmpty))>; rel=\"prev\"") }
        if page < pages { links.append("<\(address(page + 1, isEmpty))>; rel=\"next\"") }
        return links.isEmpty ? nil : links.joined(separator: ", ")
    }

    private func address(_ page: Int, _ isEmpty: Bool) -> String {
        var repeated = query
        repeated.remove("status")
        if repeated["page"] != nil { repeated.set("page", String(page)) }
        if let areGMT = repeated["dates_are_gmt"] { repeated.set("dates_are_gmt", ["1", "true"].contains(areGMT) ? "1" : "0") }
        for (place, status) in (statuses ?? []).enumerated() { repeated.set("status[\(place)]", status) }
        if !isEmpty, statuses != nil {
            if repeated["dp"] == nil { repeated.set("dp", "2") }
            if repeated["context"] == nil { repeated.set("context", "view") }
        }
        if repeated["page"] == nil { repeated.set("page", String(page)) }
        return url + "?" + repeated.encoded
    }
}
