import Store

extension Reply {
    /// `{"items":[...],"next":"<cursor>"|null}`
    static func page<Item>(_ page: ListPage<Item>, list: String, _ write: (Item, inout JSONWriter) -> Void) -> Reply {
        .json(capacity: 512 * page.items.count + 64) { json in
            json.field("items") { $0.array(page.items) { write($1, &$0) } }
            json.field("next", page.next.map { Cursor.text(list, $0) })
        }
    }
}

/// The bounds of lists.
enum Page {
    static let limitMax = Store.listMax
    static let limitDefault = Store.listDefault
}
