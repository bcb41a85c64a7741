/// What `GET /wp-json/` says of the site; no key is needed.
struct SiteIndex {
    let settings: BookSettings

    var document: JSONValue {
        let hours = Double(settings.calendar.offset(at: settings.now)) / 3_600
        let offset = Int(exactly: hours).map { JSONValue.int($0) } ?? .number(String(hours))
        return .members([
            "name": .string("SupportMeter demo shop"), "description": .string("Plačljiva podpora"), "url": .string(settings.siteURL),
            "home": .string(settings.siteURL), "gmt_offset": offset, "timezone_string": .string(settings.calendar.zone.identifier),
            "namespaces": .array(["oembed/1.0", "wc/v1", "wc/v2", "wc/v3", "wp/v2"].map { .string($0) }),
            "authentication": .array([]), "routes": .members([:]),
        ])
    }
}
