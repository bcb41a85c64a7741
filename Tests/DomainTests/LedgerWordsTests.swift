import Domain
import Foundation
import Testing

@Suite struct LedgerWordsTests {
    @Test("a channel is a short lower-case name, and a shop may add its own")
    func channels() throws {
        #expect(Channel(rawValue: "phone")?.rawValue == "phone" && Channel(rawValue: "a-1_b") != nil)
        for bad in ["", "Email", "1a", "-a", "a b", "é", String(repeating: "a", count: 33)] { #expect(Channel(rawValue: bad) == nil) }
        let text = String(data: try JSONEncoder().encode([Channel.email: try count(2)]), encoding: .utf8)
        #expect(text == #"{"email":2}"#)
    }

    @Test("a count of credits is never negative and never beyond a million, not even from JSON")
    func counts() throws {
        #expect(CreditCount(-1) == nil && CreditCount(1_000_001) == nil && CreditCount(1_000_000) == .maximum)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(CreditCount.self, from: Data("-1".utf8)) }
        #expect(String(data: try JSONEncoder().encode(TicketID(1042)), encoding: .utf8) == "1042")
    }

    @Test("every kind of entry moves the counter as the design says, and none breaks the sum")
    func effects() {
        let expected: [EntryKind: [Int64]] = [
            .grant: [1, 0, 0, 0, 0, 1], .usage: [0, 1, 0, 0, 0, -1], .hold: [0, 0, 1, 0, 0, -1], .capture: [0, 1, -1, 0, 0, 0],
            .release: [0, 0, -1, 0, 0, 1], .lapse: [0, 0, -1, 0, 0, 1], .reversal: [0, -1, 0, 0, 0, 1], .expiry: [0, 0, 0, 1, 0, -1],
            .revocation: [0, 0, 0, 0, 1, -1], .restoration: [0, 0, 0, 0, -1, 1], .adjustmentIn: [1, 0, 0, 0, 0, 1],
            .adjustmentOut: [0, 0, 0, 0, 1, -1], .transferOut: [0, 0, 0, 0, 1, -1], .transferIn: [1, 0, 0, 0, 0, 1],
            .overdraft: [1, 0, 0, 0, 0, 1],
        ]
        for kind in EntryKind.allCases {
            let effect = kind.effect
            #expect([effect.granted, effect.used, effect.held, effect.expired, effect.revoked, effect.remaining] == expected[kind])
        }
    }

    @Test("the counter in JSON is the one of the design")
    func counterJSON() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let counter = Counter(granted: 5, used: 1)
        let text = String(data: try encoder.encode(counter), encoding: .utf8)
        #expect(text == #"{"expired":0,"granted":5,"held":0,"remaining":4,"revoked":0,"shortfall":0,"used":1}"#)
        #expect(try JSONDecoder().decode(Counter.self, from: Data((text ?? "").utf8)) == counter)
    }
}
