import Store

extension Shop {
    /// As JSON: of secrets only whether there is one.
    func write(_ json: inout JSONWriter) {
        json.object { json in
            json.field("id", id.rawValue)
            json.field("slug", slug)
            json.field("name", name)
            json.field("currency", currency.code)
            json.field("time_zone", timeZone)
            json.field("feed", feedKind.rawValue)
            json.field("url", url)
            json.field("has_consumer_key", consumerKey != nil && consumerSecret != nil)
            json.field("has_webhook_secret", webhookSecret != nil)
            json.field("ca_file", caFile)
            json.field("since", since.map(Timestamp.text))
            json.field("paying_statuses") { $0.array(statuses.paying.sorted()) { $0.string($1) } }
            json.field("pooling", pooling)
            json.field("confirm_guests", confirmGuests)
            json.field("lead_cap", leadCap)
            json.field("sweep_days", sweepDays)
            json.field("poll_seconds", pollSeconds)
            json.field("premium_call_minor", premiumCallMinor)
            json.field("export_months", exportsMonths)
            json.field("export_grace_days", exportGraceDays)
            for (name, value) in journal.named { json.field(name.replacing("-", with: "_"), value) }
            json.field("channels") { $0.array(channels) { $0.string($1.rawValue) } }
            json.field("retired", isRetired)
        }
    }

    /// For people, in the words of `shop set`.
    var facts: [(String, String)] {
        [
            ("slug", slug), ("name", name), ("currency", currency.code), ("time-zone", timeZone), ("feed", feedKind.rawValue), ("url", url),
            ("consumer-key", consumerKey == nil ? "-" : "***"), ("consumer-secret", consumerSecret == nil ? "-" : "***"),
            ("webhook-secret", webhookSecret == nil ? "-" : "***"), ("ca-file", caFile ?? "-"), ("since", since.map(Timestamp.text) ?? "-"),
            ("paying-status", statuses.paying.sorted().joined(separator: ",")), ("pooling", pooling ? "on" : "off"),
            ("confirm-guests", confirmGuests ? "on" : "off"),
            ("lead-cap", String(leadCap)), ("sweep-days", String(sweepDays)), ("poll-seconds", String(pollSeconds)),
            ("premium-call-minor", premiumCallMinor.map(String.init) ?? "-"),
            ("export-months", exportsMonths ? "on" : "off"), ("export-grace-days", String(exportGraceDays)),
            ("channels", channels.map(\.rawValue).joined(separator: ", ")), ("state", isRetired ? "retired" : "in use"),
        ] + journal.named.map { ($0.name, $0.value ?? "-") }
    }
}
