import Domain
import Foundation
import Testing

@Suite struct UnitTests {
    private func text(_ length: Int, _ character: String = "a") -> String { String(repeating: character, count: length) }

    @Test("a plain SMS is one segment to 160 characters and 153 for each after that")
    func gsm() {
        for (length, segments, left) in [(0, 1, 160), (1, 1, 159), (160, 1, 0), (161, 2, 145), (306, 2, 0), (307, 3, 152), (459, 3, 0)] {
            let sms = SMSLength(text(length))
            #expect(sms.encoding == .gsm7 && sms.segments == segments && sms.unitsLeft == left && sms.unitsUsed == length)
        }
    }

    @Test("an SMS with a character beyond GSM-7 is one segment to 70 units and 67 for each after that")
    func utf16() {
        for (length, segments, left) in [(1, 1, 69), (70, 1, 0), (71, 2, 63), (134, 2, 0), (135, 3, 66)] {
            let sms = SMSLength(text(length, "č"))
            #expect(sms.encoding == .utf16 && sms.segments == segments && sms.unitsLeft == left)
        }
    }

    @Test("é, Ø, Greek capitals and a line break are GSM-7; č, a backtick, ç and an emoji are not")
    func alphabet() {
        for scalar in ["é", "Ø", "Δ", "\n", "\r\n", "@", "_", "¿", "Ç", "à", "ñ"] { #expect(SMSLength(scalar).encoding == .gsm7) }
        for scalar in ["č", "`", "ç", "🚀", "á", "\t", "“"] { #expect(SMSLength(scalar).encoding == .utf16) }
        #expect(SMSLength("e\u{301}").encoding == .utf16)
        #expect(SMSLength("🚀").unitsUsed == 2)
    }

    @Test("€ and brackets count two and are never split over segments")
    func extended() {
        for scalar in ["€", "[", "]", "{", "}", "~", "|", "\\", "^", "\u{0C}"] { #expect(SMSLength(scalar).unitsUsed == 2) }
        #expect(SMSLength(text(158) + "€").segments == 1 && SMSLength(text(159) + "€").segments == 2)
        // The 153rd septet of the first segment stays empty, so that 306 septets need a third segment.
        let split = SMSLength(text(152) + "€" + text(152))
        #expect(split.unitsUsed == 306 && split.segments == 3 && split.unitsLeft == 152)
    }

    @Test("an emoji is never split over segments")
    func surrogates() {
        #expect(SMSLength(text(35, "🚀")).segments == 1 && SMSLength(text(36, "🚀")).segments == 2)
        let sms = SMSLength(text(67, "🚀"))
        #expect(sms.unitsUsed == 134 && sms.segments == 3)
    }

    @Test("a rule counts what it is for, and a preview is what booking gives")
    func rules() throws {
        #expect(UnitRule.smsSegments.units(text: text(161)) == (try count(2)) && UnitRule.smsMessage.units(text: text(999)) == .one)
        #expect(UnitRule.perUnit.units(text: "a") == nil && UnitRule.smsSegments.units(seconds: 1) == nil)
        #expect(UnitRule.videoCall.units(seconds: 9999) == .one)
        let minutes = UnitRule.videoMinutes(perMinutes: 10, minimumUnits: 2, freeGraceSeconds: 60)
        for (seconds, units) in [(0, 0), (60, 0), (61, 2), (600, 2), (1200, 2), (1201, 3), (1800, 3), (1801, 4)] {
            #expect(minutes.units(seconds: seconds)?.value == Int64(units))
        }
    }

    @Test("a rule keeps its JSON form")
    func json() throws {
        let rules: [UnitRule] = [
            .perUnit, .smsMessage, .smsSegments, .videoCall, .videoMinutes(perMinutes: 15, minimumUnits: 1, freeGraceSeconds: 30),
        ]
        for rule in rules { #expect(try JSONDecoder().decode(UnitRule.self, from: JSONEncoder().encode(rule)) == rule) }
        let text = #"{"kind":"video-minutes","per_minutes":10}"#
        #expect(
            try JSONDecoder().decode(UnitRule.self, from: Data(text.utf8))
                == .videoMinutes(perMinutes: 10, minimumUnits: 1, freeGraceSeconds: 0))
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(UnitRule.self, from: Data(#"{"kind":"video-minutes","per_minutes":0}"#.utf8))
        }
    }
}
