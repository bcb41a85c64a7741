/// Something the shop sells; a variation names its parent.
public struct ShopProduct: Sendable, Equatable {
    /// The product's own id, or the variation's when `parent` is set.
    public let id: Int
    public var name: String
    public var sku: String
    /// Net price in cents.
    public var priceCents: Int
    /// The product this is a variation of, and the option chosen.
    public let parent: Parent?

    /// What a variation belongs to.
    public struct Parent: Sendable, Equatable {
        public let id: Int
        public let name: String
        public let option: String

        public init(id: Int, name: String, option: String) {
            self.id = id
            self.name = name
            self.option = option
        }
    }

    public init(id: Int, name: String, sku: String, priceCents: Int, parent: Parent? = nil) {
        self.id = id
        self.name = name
        self.sku = sku
        self.priceCents = priceCents
        self.parent = parent
    }

    var productID: Int { parent?.id ?? id }
    var variationID: Int { parent == nil ? 0 : id }
    /// A line shows a variation as `Podpora FLEX - 10 kreditov`.
    var lineName: String { parent.map { "\($0.name) - \($0.option)" } ?? name }

    /// What the demo shop sells; ids and SKUs are those of the recordings. The first four (five with both variations) are paid support.
    public static let all: [ShopProduct] = [
        ShopProduct(id: 11, name: "Podpora START", sku: "SUP-START", priceCents: 49_00),
        ShopProduct(id: 12, name: "Podpora PRO", sku: "SUP-PRO", priceCents: 199_00),
        ShopProduct(id: 13, name: "Video svetovanje", sku: "SUP-VIDEO", priceCents: 99_00),
        ShopProduct(id: 19, name: "10 kreditov", sku: "SUP-FLEX-10", priceCents: 80_00, parent: flex("10 kreditov")),
        ShopProduct(id: 20, name: "50 kreditov", sku: "SUP-FLEX-50", priceCents: 350_00, parent: flex("50 kreditov")),
        ShopProduct(id: 14, name: "Skodelica & podstavek <b>MUG</b>", sku: "MUG-1", priceCents: 12_50),
        ShopProduct(id: 15, name: "E-knjiga »Pogosta vprašanja«", sku: "EBOOK-1", priceCents: 9_90),
    ]

    private static func flex(_ option: String) -> Parent { Parent(id: 18, name: "Podpora FLEX", option: option) }
}
