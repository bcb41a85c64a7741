import FoundationEssentials

/// What a month's folder holds and what it was made from: `manifest.json`, for people and programs.
struct ExportManifest: Codable, Sendable {
    struct File: Codable, Sendable {
        let file: String
        let report: String
        let format: String
        let bytes: Int
        let sha256: String
        /// Of the ledger or the report, a heading not counted; of a journal its lines.
        let rows: Int
        let parameters: [String: String]
    }

    struct Check: Codable, Sendable {
        let report: String
        let check: String
        let isZero: Bool

        enum CodingKeys: String, CodingKey { case report, check, isZero = "is_zero" }
    }

    struct LeftOut: Codable, Sendable {
        let file: String
        let why: String
    }

    struct Closing: Codable, Sendable {
        let month: String
        let closedAt: String
        let closedBy: String
        let note: String
        let reopenedAt: String?
        let reopenedBy: String?
        let reopenNote: String?

        enum CodingKeys: String, CodingKey {
            case month, note
            case closedAt = "closed_at"
            case closedBy = "closed_by"
            case reopenedAt = "reopened_at"
            case reopenedBy = "reopened_by"
            case reopenNote = "reopen_note"
        }
    }

    /// Of this document; another number when a member's meaning changes.
    var format = 1
    let shop: String
    let shopName: String
    /// `2026-05`, from its first day through its last in the shop's zone.
    let month: String
    let from: String
    let through: String
    let timeZone: String
    /// From 1: how often the month was written, because its books were closed or opened again.
    let revision: Int
    /// `open`, `closed` or `reopened`.
    let books: String
    /// A sentence on what that means for the figures.
    let notice: String
    let closing: Closing?
    /// The folder that this one is instead of.
    let supersedes: String?
    let madeAt: String
    let madeBy: String
    /// Names the work that made it.
    let export: String
    let addsUp: Bool
    let checks: [Check]
    let leftOut: [LeftOut]
    let files: [File]

    enum CodingKeys: String, CodingKey {
        case format, shop, month, from, through, revision, books, notice, closing, supersedes, export, checks, files
        case shopName = "shop_name"
        case timeZone = "time_zone"
        case madeAt = "made_at"
        case madeBy = "made_by"
        case addsUp = "adds_up"
        case leftOut = "left_out"
    }

    /// One member a line, in alphabetical order.
    func bytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }

    init(
        shop: String, shopName: String, month: String, from: String, through: String, timeZone: String, revision: Int, books: String, notice: String,
        closing: Closing?, supersedes: String?, madeAt: String, madeBy: String, export: String, checks: [Check], leftOut: [LeftOut], files: [File]
    ) {
        (self.shop, self.shopName, self.month, self.from, self.through) = (shop, shopName, month, from, through)
        (self.timeZone, self.revision, self.books, self.notice, self.closing) = (timeZone, revision, books, notice, closing)
        (self.supersedes, self.madeAt, self.madeBy, self.export) = (supersedes, madeAt, madeBy, export)
        addsUp = checks.allSatisfy(\.isZero)
        (self.checks, self.leftOut, self.files) = (checks, leftOut, files)
    }
}
