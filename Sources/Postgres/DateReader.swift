import FoundationEssentials

/// Reads PostgreSQL's ISO output of `date`, `timestamp` and `timestamptz` (manual 8.5.2), with or without fraction, offset and `BC`.
struct DateReader {
    var position: Int

    mutating func read(_ text: Span<UInt8>) -> Date? {
        if let first = peek(text), first == UInt8(ascii: "i") || first == UInt8(ascii: "-") {
            return infinity(text)
        }
        guard let year = number(text), skip("-", text), let month = number(text), skip("-", text), let day = number(text) else {
            return nil
        }
        var seconds = 0.0
        var micros: Int64 = 0
        if peek(text, position + 1) != UInt8(ascii: "B"), skip(" ", text) {
            guard let clock = clock(text), let fraction = fraction(text), let offset = offset(text) else { return nil }
            (seconds, micros) = (Double(clock - offset), fraction)
        }
        let isBeforeChrist = skip(" ", text) && skip("B", text) && skip("C", text)
        guard position == text.count, (1...12).contains(month), (1...31).contains(day) else { return nil }
        let days = CivilDay(year: isBeforeChrist ? 1 - year : year, month: month, day: day).daysSinceReferenceDate
        return Date(timeIntervalSinceReferenceDate: Double(days) * 86_400 + seconds + Double(micros) / 1e6)
    }

    private func infinity(_ text: Span<UInt8>) -> Date? {
        switch String.decode(postgresText: text) {
        case "infinity": .distantFuture
        case "-infinity": .distantPast
        default: nil
        }
    }

    /// `HH:MM:SS` in seconds.
    private mutating func clock(_ text: Span<UInt8>) -> Int64? {
        guard let hours = number(text), skip(":", text), let minutes = number(text), skip(":", text), let seconds = number(text) else {
            return nil
        }
        return hours * 3600 + minutes * 60 + seconds
    }

    /// `.123` in microseconds; 0 when there is none.
    private mutating func fraction(_ text: Span<UInt8>) -> Int64? {
        guard skip(".", text) else { return 0 }
        let start = position
        guard var micros = number(text), position - start <= 6 else { return nil }
        for _ in (position - start)..<6 { micros *= 10 }
        return micros
    }

    /// `+01`, `-03:30` or `+00:19:32` in seconds east of UTC; 0 when there is none.
    private mutating func offset(_ text: Span<UInt8>) -> Int64? {
        let isWest = skip("-", text)
        guard isWest || skip("+", text) else { return 0 }
        guard var seconds = number(text).map({ $0 * 3600 }) else { return nil }
        for unit in [Int64(60), 1] where skip(":", text) {
            guard let part = number(text) else { return nil }
            seconds += part * unit
        }
        return isWest ? -seconds : seconds
    }

    /// The digits at the position, at most nine of them.
    private mutating func number(_ text: Span<UInt8>) -> Int64? {
        let start = position
        var value: Int64 = 0
        while let digit = peek(text), (48...57).contains(digit), position - start < 9 {
            value = value * 10 + Int64(digit - 48)
            position += 1
        }
        return position > start ? value : nil
    }

    private mutating func skip(_ character: Unicode.Scalar, _ text: Span<UInt8>) -> Bool {
        guard peek(text) == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private func peek(_ text: Span<UInt8>) -> UInt8? {
        peek(text, position)
    }

    private func peek(_ text: Span<UInt8>, _ position: Int) -> UInt8? {
        position < text.count ? text[position] : nil
    }
}
