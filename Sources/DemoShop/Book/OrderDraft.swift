/// What a new order is written from.
struct OrderDraft: Sendable {
    /// One line to be: the product as it is in the shop now.
    struct Line: Sendable {
        let id: Int
        let product: ShopProduct
        let quantity: Int
    }

    let id: Int
    let lines: [Line]
    let taxLineID: Int
    let person: ShopPerson
    let status: String
    let note: String
    /// Seconds since 1970.
    let created: Int
    let modified: Int
    let key: String

    /// Entitling statuses are paid at once; only `completed` is completed.
    var paid: Int? { OrderStatus.isPaid(status) ? created : nil }
    var completed: Int? { status == "completed" ? created : nil }
}

extension OrderDraft {
    /// An order key such as `wc_order_StKgGRSX0mHq6`.
    static func key(_ random: inout SeededRandom) -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
        return "wc_order_" + String((0..<13).map { _ in letters.randomElement(using: &random) ?? "x" })
    }
}
