/// The statuses of a stock WooCommerce; a plugin's is any other string.
public enum OrderStatus {
    public static let builtIn: [String] = [
        "any", "trash", "auto-draft", "pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed", "checkout-draft",
    ]

    static func isPaid(_ status: String) -> Bool { status == "processing" || status == "completed" }
    static func isEditable(_ status: String) -> Bool { status == "pending" || status == "on-hold" || status == "auto-draft" }
    static func needsPayment(_ status: String) -> Bool { status == "pending" || status == "failed" || status == "checkout-draft" }
}
