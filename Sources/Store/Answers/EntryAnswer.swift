import Domain

extension Answer {
    /// 201 with the entry and the ticket's counters after it; a hold's id and deadline beside it where there is one.
    static func entry(_ entry: EntryView, counters: [Channel: Counter], hold: HoldView? = nil) -> Answer {
        var json = JSONWriter()
        json.object { json in
            json.field("entry") { entry.write(&$0) }
            if let hold { json.field("hold") { hold.write(&$0) } }
            json.field("counters") { $0.counters(counters) }
        }
        return Answer(status: 201, body: json.text)
    }
}
