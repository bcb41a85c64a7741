import Domain
import Foundation

/// The bounds of a shop's settings, in one place; each refusal names the field and what would be right.
enum ShopCheck {
    static let nameMax = 200
    static let urlMax = 2000
    static let secretMax = 500
    static let payingStatusesMax = 50
    static let leadCapMax: Int64 = 1_000_000
    static let sweepDaysMax = 3650
    static let pollSecondsMax = 86_400
    static let premiumCallMinorMax: Int64 = 1_000_000_000
    static let exportGraceDaysMax: Int64 = 31

    static func refusal(_ draft: ShopDraft) -> Refusal? {
        slug(draft.slug) ?? name(draft.name) ?? currency(draft.currency) ?? timeZone(draft.timeZone) ?? url(draft.url)
            ?? secrets([("consumer-key", draft.consumerKey), ("consumer-secret", draft.consumerSecret), ("webhook-secret", draft.webhookSecret)])
            ?? needed(draft) ?? caFile(draft.caFile)
    }

    static func refusal(_ change: ShopChange) -> Refusal? {
        change.name.flatMap(name) ?? change.timeZone.flatMap(timeZone) ?? change.url.flatMap(url)
            ?? secrets([("consumer-key", change.consumerKey), ("consumer-secret", change.consumerSecret), ("webhook-secret", change.webhookSecret)])
            ?? caFile(change.caFile) ?? change.payingStatuses.flatMap(payingStatuses) ?? numbers(change) ?? change.journal.flatMap(journal)
    }

    private static func numbers(_ change: ShopChange) -> Refusal? {
        change.leadCap.flatMap { range("lead-cap", $0, 0...leadCapMax) }
            ?? change.sweepDays.flatMap { range("sweep-days", Int64($0), 1...Int64(sweepDaysMax)) }
            ?? change.pollSeconds.flatMap { range("poll-seconds", Int64($0), 1...Int64(pollSecondsMax)) }
            ?? change.premiumCallMinor.flatMap { range("premium-call-minor", $0, 0...premiumCallMinorMax) }
            ?? change.exportGraceDays.flatMap { range("export-grace-days", Int64($0), 0...exportGraceDaysMax) }
    }

    private static func slug(_ slug: String) -> Refusal? {
        let bytes = Array(slug.utf8)
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let isGood = (1...63).contains(bytes.count) && bytes[0] != UInt8(ascii: "-")
            && bytes.allSatisfy { letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "-") }
        return isGood ? nil : wrong("slug", "1 to 63 lower-case letters, digits and hyphens, not starting with a hyphen", slug)
    }

    private static func name(_ name: String) -> Refusal? { Texts.refusal(name, field: "name", max: nameMax) }

    private static func currency(_ code: String) -> Refusal? {
        Currency(code) == nil ? wrong("currency", "three capital letters of ISO 4217 such as EUR", code) : nil
    }

    /// Names of the tz database only: an offset such as `GMT+2` knows no summer.
    private static func timeZone(_ name: String) -> Refusal? {
        let isKnown = name == "UTC" || (name.contains("/") && TimeZone(identifier: name) != nil)
        return isKnown ? nil : wrong("time-zone", "a name of the tz database such as Europe/Ljubljana, or UTC", name)
    }

    /// Keys in the URL would show wherever the URL does.
    private static func url(_ url: String) -> Refusal? {
        guard url.utf8.count <= urlMax, let parts = URLComponents(string: url), ["http", "https"].contains(parts.scheme ?? ""),
            let host = parts.host, !host.isEmpty
        else { return wrong("url", "an http:// or https:// address of at most \(urlMax) characters", url) }
        guard parts.user == nil, parts.password == nil else {
            return .invalidField(field: "url", expected: "an address without user and password; keys are read from files")
        }
        return nil
    }

    private static func secrets(_ secrets: [(field: String, text: SecretText?)]) -> Refusal? {
        for (field, text) in secrets {
            guard let text else { continue }
            let bytes = text.value.utf8
            guard (1...secretMax).contains(bytes.count), bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                return .invalidField(field: field, expected: "1 to \(secretMax) bytes on one line")
            }
        }
        return nil
    }

    private static func needed(_ draft: ShopDraft) -> Refusal? {
        switch draft.feedKind {
        case .rest:
            if draft.consumerKey == nil { return .missingField(field: "consumer-key", expected: "the shop's REST key, which the feed rest reads with") }
            if draft.consumerSecret == nil { return .missingField(field: "consumer-secret", expected: "the secret of the shop's REST key") }
        case .deliveries:
            if draft.webhookSecret == nil {
                return .missingField(field: "webhook-secret", expected: "the secret that WooCommerce signs the feed's deliveries with")
            }
        }
        return nil
    }

    private static func caFile(_ path: String?) -> Refusal? {
        guard let path else { return nil }
        return path.hasPrefix("/") && !path.utf8.contains(0) ? nil : wrong("ca-file", "an absolute path", path)
    }

    /// `refunded` and `trash` entitle to nothing, whatever the settings say.
    private static func payingStatuses(_ statuses: [String]) -> Refusal? {
        let letters = Set("abcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        for status in statuses {
            guard (1...40).contains(status.utf8.count), status.utf8.allSatisfy(letters.contains) else {
                return wrong("paying-status", "order statuses as the REST interface names them, such as processing,completed", status)
            }
            guard status != "refunded", status != "trash" else { return wrong("paying-status", "statuses that can entitle", status) }
        }
        return (1...payingStatusesMax).contains(statuses.count)
            ? nil : .invalidField(field: "paying-status", expected: "1 to \(payingStatusesMax) order statuses")
    }

    private static func journal(_ settings: JournalSettings) -> Refusal? {
        for (name, value) in settings.named {
            if let value, let refusal = Texts.refusal(value, field: name, max: JournalSettings.nameMax) { return refusal }
        }
        return nil
    }

    private static func range(_ field: String, _ value: Int64, _ range: ClosedRange<Int64>) -> Refusal? {
        range.contains(value) ? nil : .invalidField(field: field, expected: "\(range.lowerBound) to \(range.upperBound), found \(value)")
    }

    static func wrong(_ field: String, _ expected: String, _ found: String) -> Refusal {
        .invalidField(field: field, expected: "\(expected), found \"\(found.prefix(64))\"")
    }
}
