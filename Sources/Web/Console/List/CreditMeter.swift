import Domain

/// What is left of one channel, in a cell: a number, a bar, and words for every colour.
struct CreditMeter: Sendable {
    let channel: Channel
    /// Nil when the ticket never had credits of the channel.
    let counter: Counter?
    /// Credits that the customer's other tickets would lend.
    let pool: Int64
    let isLow: Bool
    let isOwing: Bool

    private enum Kind { case fine, low, empty, owing }

    private func kind(_ counter: Counter) -> Kind {
        if counter.shortfall > 0 || isOwing { return .owing }
        return counter.remaining == 0 ? .empty : isLow ? .low : .fine
    }

    func data(_ localizer: Localizer) -> PageData {
        guard let counter else {
            return ["is_there": false, "label": .text(localizer.channel(channel)), "words": .text(localizer.text("list.no_credits"))]
        }
        let kind = kind(counter)
        let word = word(kind, counter, localizer)
        let spoken = [CreditMeter.words(channel, counter, localizer), word, poolWord(localizer)].compactMap { $0 }
        var data: PageData = [
            "is_there": true, "label": .text(localizer.channel(channel)), "left": .text(localizer.number(counter.remaining)),
            "is_low": .flag(kind == .low), "is_none": .flag(kind == .empty || kind == .owing), "value": .text(String(counter.remaining)),
            "max": .text(String(max(counter.granted, 1))), "words": .text(spoken.joined(separator: "; ")),
        ]
        data.set("word", word)
        data.set("pool", poolWord(localizer))
        return data
    }

    /// `3 of 10 e-mails left`
    static func words(_ channel: Channel, _ counter: Counter, _ localizer: Localizer) -> String {
        let granted = counter.granted
        let of =
            switch channel {
            case .email: localizer.text("meter.of_email", ["count": granted])
            case .sms: localizer.text("meter.of_sms", ["count": granted])
            case .video: localizer.text("meter.of_video", ["count": granted])
            default: localizer.text("meter.of_other", ["count": granted])
            }
        return localizer.text("meter.left", ["left": counter.remaining, "of": of])
    }

    private func word(_ kind: Kind, _ counter: Counter, _ localizer: Localizer) -> String? {
        switch kind {
        case .fine: nil
        case .low: localizer.text("list.low")
        case .empty: localizer.text("list.empty")
        case .owing: counter.shortfall > 0 ? localizer.text("list.owes", ["number": counter.shortfall]) : localizer.text("list.overdrawn")
        }
    }

    private func poolWord(_ localizer: Localizer) -> String? { pool > 0 ? localizer.text("list.pool", ["number": pool]) : nil }
}
