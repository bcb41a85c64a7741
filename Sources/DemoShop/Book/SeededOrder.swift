/// An order of a synthetic shop: the same id always gives the same document, so none needs to be kept.
struct SeededOrder {
    /// Ids for three lines and the tax line.
    static let itemsMax = 4

    let order: StoredOrder
    let firstLineID: Int

    static func status(_ id: Int) -> String {
        switch id % 16 {
        case 3: "pending"
        case 11: "cancelled"
        case 0...7: "processing"
        default: "completed"
        }
    }

    func document(_ writer: OrderWriter, _ products: [ShopProduct]) -> JSONValue {
        var random = SeededRandom(seed: UInt64(order.id))
        let person = random.pick(ShopPerson.everyone) ?? .guest
        let lines = (0..<Int.random(in: 1...3, using: &random)).map { place in
            OrderDraft.Line(
                id: firstLineID + place, product: random.pick(products) ?? ShopProduct.all[0],
                quantity: random.chance(80) ? 1 : Int.random(in: 2...4, using: &random))
        }
        return writer.document(
            OrderDraft(
                id: order.id, lines: lines, taxLineID: firstLineID + SeededOrder.itemsMax - 1, person: person, status: order.status,
                note: random.pick(person.language.notes) ?? "", created: order.created, modified: order.modified,
                key: OrderDraft.key(&random)))
    }
}
