import ArgumentParser
import Domain
import Store

/// Which shop is meant. May be left out when there is exactly one.
struct ShopFlag: ParsableArguments {
    @Option(help: ArgumentHelp("The shop; needed when there are several.", valueName: "slug"))
    var shop: String?

    func find(_ store: Store) async throws -> Shop { try await ShopFlag.find(store, slug: shop) }

    /// Throws `CommandFailure`: exit 1 for a shop that is not there, exit 2 when one must be named.
    static func find(_ store: Store, slug: String?) async throws -> Shop {
        let shops = try await store.allShops()
        if let slug {
            guard let shop = shops.first(where: { $0.slug == slug }) else { throw CommandFailure.no("there is no shop \"\(slug.prefix(64))\"") }
            return shop
        }
        let open = shops.filter { !$0.isRetired }
        if open.count == 1 { return open[0] }
        if open.isEmpty { throw CommandFailure.no("there is no shop yet: `supportmeter shop add` adds one") }
        let slugs = open.prefix(10).map(\.slug).joined(separator: ", ") + (open.count > 10 ? ", ..." : "")
        throw CommandFailure.usage("name the shop with --shop: \(slugs)")
    }
}

extension Result where Failure == Refusal {
    /// The value; else exit 2 when what was asked for is not right in itself, exit 1 when the answer is no.
    func orRefuse() throws -> Success {
        switch self {
        case .success(let value): value
        case .failure(let refusal): throw refusal.failure
        }
    }
}

extension Refusal {
    var failure: CommandFailure { status == 400 || status == 422 ? .usage(detail) : .no(detail) }
}
