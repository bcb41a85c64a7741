/// The bounds of the quantities that callers send, in one place.
public enum QuantityCheck {
    /// 1 to 1,000,000.
    public static func positive(_ quantity: Int64, field: String = "quantity") -> Result<CreditCount, Refusal> {
        guard quantity > 0, let count = CreditCount(quantity) else {
            return .failure(.quantityOutOfRange(field: field, found: quantity))
        }
        return .success(count)
    }

    /// Anything from -1,000,000 to 1,000,000 but 0.
    public static func signed(_ quantity: Int64, field: String = "quantity") -> Result<Int64, Refusal> {
        guard quantity != 0, quantity.magnitude <= CreditCount.valueMax.magnitude else {
            return .failure(.signedQuantityOutOfRange(field: field, found: quantity))
        }
        return .success(quantity)
    }
}
