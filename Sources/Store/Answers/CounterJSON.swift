import Domain

extension JSONWriter {
    /// `{"email":{"granted":5,...},...}`, channels by name.
    public mutating func counters(_ counters: [Channel: Counter]) {
        object { json in
            for (channel, counter) in counters.sorted(by: { $0.key < $1.key }) {
                json.field(channel.rawValue) { $0.counter(counter) }
            }
        }
    }

    public mutating func counter(_ counter: Counter) {
        object { json in
            json.field("granted", counter.granted)
            json.field("used", counter.used)
            json.field("held", counter.held)
            json.field("expired", counter.expired)
            json.field("revoked", counter.revoked)
            json.field("remaining", counter.remaining)
            json.field("shortfall", counter.shortfall)
        }
    }
}
