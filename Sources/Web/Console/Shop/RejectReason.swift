/// Why a document was not understood, as far as the words tell that were kept with it.
struct RejectReason: Sendable, Hashable {
    /// One of `TextFamilies.rejects`.
    let key: String
    /// Where in the order, for `field`.
    let field: String

    /// What a kept reason begins with; a test holds these against the sources that write them. The first that fits.
    static let beginnings: [(text: String, key: String)] = [
        ("not JSON", "not_json"), ("expected ", "wrong_kind"), ("its refunds were not understood", "refunds"), ("not a delivery", "not_delivery"),
        ("the signature does not fit", "signature"), ("deleted, but never seen", "deleted_unseen"), ("a signed delivery that is not an order", "not_order"),
        ("the database refused it", "database"), ("the shop answered ", "shop_error"),
    ]

    init(_ reason: String) {
        var key = RejectReason.beginnings.first { reason.hasPrefix($0.text) }?.key ?? "other"
        if key == "shop_error", reason.contains("was gone before") { key = "gone_before" }
        var field = ""
        if key == "other", let end = reason.range(of: ": expected "), !reason[..<end.lowerBound].contains(" ") {
            (key, field) = ("field", String(reason[..<end.lowerBound]))
        }
        (self.key, self.field) = (key, field)
    }

    func text(_ localizer: Localizer) -> String {
        key == "field" ? localizer.text("reject.field", ["field": field]) : localizer.text(family: "reject", key)
    }
}
