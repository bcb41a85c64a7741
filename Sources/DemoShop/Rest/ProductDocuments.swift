/// The products as `/products` shows them, with the fields that matter and no more.
struct ProductDocuments {
    let products: [ShopProduct]
    let siteURL: String

    /// Products, variable ones with their variations' ids; newest first.
    var all: [JSONValue] {
        let simple = products.filter { $0.parent == nil }.map { document($0.id, $0.name, $0.sku, $0.priceCents, variations: []) }
        let parents = Set(products.compactMap { $0.parent?.id })
        let variable = parents.compactMap { id -> JSONValue? in
            let variations = products.filter { $0.parent?.id == id }
            guard let first = variations.first, let parent = first.parent else { return nil }
            return document(id, parent.name, "SUP-FLEX", first.priceCents, variations: variations.map(\.id))
        }
        return (simple + variable).sorted { ($0["id"]?.whole ?? 0) > ($1["id"]?.whole ?? 0) }
    }

    func variations(of parent: Int) -> [JSONValue] {
        products.filter { $0.parent?.id == parent }.reversed().map { product in
            .members([
                "id": .int(product.id), "type": .string("variation"), "sku": .string(product.sku),
                "price": .string(price(product.priceCents)), "regular_price": .string(price(product.priceCents)),
                "status": .string("publish"), "name": .string(product.name), "parent_id": .int(parent),
                "attributes": .array([
                    .members([
                        "id": .int(0), "name": .string("Paket"), "slug": .string("paket"),
                        "option": .string(product.parent?.option ?? ""),
                    ])
                ]),
            ])
        }
    }

    private func document(_ id: Int, _ name: String, _ sku: String, _ cents: Int, variations: [Int]) -> JSONValue {
        let slug = name.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }).joined(separator: "-")
        return .members([
            "id": .int(id), "name": .string(name), "slug": .string(slug), "permalink": .string("\(siteURL)/product/\(slug)/"),
            "type": .string(variations.isEmpty ? "simple" : "variable"), "status": .string("publish"), "sku": .string(sku),
            "price": .string(price(cents)), "regular_price": .string(variations.isEmpty ? price(cents) : ""), "sale_price": .string(""),
            "purchasable": .bool(true), "tax_status": .string("taxable"), "tax_class": .string(""), "parent_id": .int(0),
            "categories": .array([]), "variations": .array(variations.map { .int($0) }), "meta_data": .array([]),
            "stock_status": .string("instock"),
        ])
    }

    /// Products show prices as they were typed: `49`, `12.5`.
    private func price(_ cents: Int) -> String {
        if case .number(let text) = ShopMoney.price(cents, per: 1) { text } else { "0" }
    }
}
