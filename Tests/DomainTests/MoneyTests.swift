import Domain
import Testing

@Suite struct MoneyTests {
    @Test(
        "an amount is read in the currency's own minor units, whatever decimals the shop writes",
        arguments: [
            ("EUR", "59.78", 5978), ("EUR", "244", 24400), ("EUR", "-59.780000", -5978), ("EUR", "-0.00", 0), ("EUR", "+1.5", 150),
            ("JPY", "49.00", 49), ("JPY", "49.50", 50), ("JPY", "-49.50", -50), ("JPY", "49.49999", 49), ("KWD", "39.90", 39900),
            ("KWD", "0.0005", 1), ("CLF", "1", 10_000), ("XYZ", "1.005", 101), ("EUR", "10000000000.00", 1_000_000_000_000),
            ("EUR", ".5", 50), ("EUR", "134.190000", 13419),
        ])
    func reads(code: String, text: String, minorUnits: Int64) throws {
        #expect(Money.parse(text, currency: try unwrap(Currency(code)))?.minorUnits == minorUnits)
    }

    @Test(
        "what is not an amount, or beyond bounds, is not read",
        arguments: [
            "", "-", ".", "1,5", "1.2.3", " 1", "1e3", "abc", "--1", "0x1", "10000000000.01", "99999999999999999999999999999",
            String(repeating: "0", count: 80),
        ])
    func refuses(text: String) throws {
        #expect(Money.parse(text, currency: try unwrap(Currency("EUR"))) == nil)
    }

    @Test("figures of different currencies are never added")
    func adding() throws {
        #expect(try euro(1).adding(try euro(2)) == euro(3))
        #expect(try euro(1).adding(Money(minorUnits: 1, currency: try unwrap(Currency("USD")))) == nil)
        #expect(try euro(Money.minorUnitsMax).adding(try euro(1)) == nil)
    }

    @Test("a currency is three upper-case letters")
    func currencies() {
        #expect(Currency("eur") == nil && Currency("EU") == nil && Currency("EURO") == nil && Currency("E1R") == nil)
        #expect(Currency("JPY")?.minorUnitDigits == 0 && Currency("KWD")?.minorUnitDigits == 3 && Currency("EUR")?.minorUnitDigits == 2)
    }

    @Test("a quantity is exact to six decimals, or refused")
    func quantities() {
        #expect(Quantity(text: "1.5")?.millionths == 1_500_000)
        #expect(Quantity(text: "-1")?.description == "-1" && Quantity(text: "-0.250")?.description == "-0.25")
        #expect(Quantity(text: "3.0000000")?.description == "3")
        #expect(Quantity(text: "0.3333333") == nil && Quantity(text: "1e2") == nil && Quantity(text: "1000000001") == nil)
        #expect(Quantity(text: "999999999999999999999999") == nil)
    }
}
