import Domain
import TestSupport
import Testing

@Suite struct ValueTests {
    private func split(_ cents: Int64, _ plan: Plan) throws -> [Int64] {
        let parts = ValueShare.split(try euro(cents), plan: plan)
        return plan.channels.map { parts[$0]?.minorUnits ?? -1 }
    }

    @Test("a line's value is shared by price times credits, and the parts sum to it")
    func shares() throws {
        // 5 x 300, 5 x 100, 1 x 2500: 1500 : 500 : 2500.
        #expect(try split(4900, startPlan(prices: [.email: 300, .sms: 100, .video: 2500])) == [1633, 545, 2722])
        #expect(try split(100, startPlan()) == [33, 34, 33])
        #expect(try split(100, startPlan(prices: [.email: 300])) == [100, 0, 0])
        #expect(try split(100, startPlan(prices: [.email: 0])) == [33, 34, 33])
        #expect(try split(100, startPlan(credits: [.email: 0, .sms: 2])) == [0, 100])
        #expect(try split(-100, startPlan()) == [0, 0, 0])
    }

    @Test("parts sum to the whole whatever the prices")
    func sums() throws {
        var generator = SplitMix64(seed: 1)
        for _ in 0..<2_000 {
            let cents = Int64.random(in: 0...Money.minorUnitsMax, using: &generator)
            let prices = [Channel.email, .sms, .video].map { ($0, Int64.random(in: 0...Money.minorUnitsMax, using: &generator)) }
            let credits = Dictionary(
                uniqueKeysWithValues: [Channel.email, .sms, .video].map { ($0, Int64.random(in: 0...1_000_000, using: &generator)) })
            let parts = try split(cents, startPlan(credits: credits, prices: Dictionary(uniqueKeysWithValues: prices)))
            #expect(parts.reduce(0, +) == cents && parts.allSatisfy { $0 >= 0 })
        }
    }

    @Test("slices of a grant sum to its value, however it is cut")
    func cumulative() {
        var generator = SplitMix64(seed: 2)
        for _ in 0..<2_000 {
            let value = Int64.random(in: 0...Money.minorUnitsMax, using: &generator)
            let credits = Int64.random(in: 1...1_000_000, using: &generator)
            var taken: Int64 = 0
            var valueTaken: Int64 = 0
            while taken < credits {
                let quantity = Int64.random(in: 1...max(1, (credits - taken) / 3), using: &generator)
                let slice = CumulativeValue.next(
                    value: value, credits: credits, taken: taken, valueTaken: valueTaken, quantity: quantity)
                if slice < 0 { Issue.record("a slice of \(slice)") }
                taken += quantity
                valueTaken += slice
            }
            #expect(valueTaken == value)
        }
    }

    @Test("a third of 100 is 33, then 34, then 33; and a value that fell is never taken back")
    func thirds() {
        #expect(CumulativeValue.next(value: 100, credits: 3, taken: 0, valueTaken: 0, quantity: 1) == 33)
        #expect(CumulativeValue.next(value: 100, credits: 3, taken: 1, valueTaken: 33, quantity: 1) == 34)
        #expect(CumulativeValue.next(value: 100, credits: 3, taken: 2, valueTaken: 67, quantity: 1) == 33)
        #expect(CumulativeValue.next(value: 5, credits: 2, taken: 0, valueTaken: 0, quantity: 1) == 3)
        #expect(CumulativeValue.next(value: 10, credits: 3, taken: 1, valueTaken: 33, quantity: 1) == 0)
        #expect(CumulativeValue.next(value: 10, credits: 0, taken: 0, valueTaken: 0, quantity: 1) == 0)
    }
}
