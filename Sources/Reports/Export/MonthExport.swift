import Crypto
import Domain
import FoundationEssentials
import Store

/// Every report of one month of a shop as files in a folder of its own, with a manifest and checksums.
///
/// The folder `<root>/<shop>/<2026-05>` appears when it is whole and on the disk; later revisions are `2026-05-r2` and so on. It holds each report as CSV,
/// XLSX and JSON Lines, the ledger, journals for QuickBooks Online and Xero, `manifest.json`, and `SHA256SUMS` for `sha256sum -c`.
public struct MonthExport: Sendable {
    /// What came of it.
    public struct Made: Sendable, Hashable {
        /// The folder's name within the shop's.
        public let folder: String
        public let path: String
        /// Of `manifest.json`, in hexadecimal digits.
        public let manifestSHA256: String
        /// Whether every report's checks are zero.
        public let addsUp: Bool
        public let fileCount: Int
    }

    static let manifestName = "manifest.json"
    static let sumsName = "SHA256SUMS"

    let store: Store
    let shop: Shop
    let books: MonthBooks
    private let revision: Int
    private let supersedes: String?
    private let key: String
    private let madeBy: String

    /// As the daemon took it from the store.
    public init(_ store: Store, shop: Shop, claim: MonthExportClaim) {
        self.init(store, shop: shop, books: claim.books, revision: claim.revision, supersedes: claim.supersedes, key: claim.key, madeBy: "daemon")
    }

    /// By hand. The key is any text that no other export has.
    public init(_ store: Store, shop: Shop, books: MonthBooks, key: String, madeBy: String) {
        self.init(store, shop: shop, books: books, revision: 1, supersedes: nil, key: key, madeBy: madeBy)
    }

    private init(_ store: Store, shop: Shop, books: MonthBooks, revision: Int, supersedes: String?, key: String, madeBy: String) {
        (self.store, self.shop, self.books, self.revision) = (store, shop, books, revision)
        (self.supersedes, self.key, self.madeBy) = (supersedes, key, madeBy)
    }

    var monthName: String { String(books.month.description.prefix(7)) }

    /// Writes the folder beneath `root`, which must be there. `isStillOurs` is asked before the folder gets its name. Throws `ExportFault` for what the
    /// disk refuses; then nothing stays behind.
    public func write(into root: String, isStillOurs: @Sendable () async throws -> Bool = { true }) async throws -> Made? {
        let folder = try await ExportFolder.open(root: root, shop: shop.slug, work: "\(monthName)-\(key)")
        do {
            if let made = await alreadyThere(folder) {
                await folder.abandon()
                return made
            }
            let content = try await MonthExportFiles.write(self, into: folder)
            let manifest = try manifest(content)
            let bytes = try manifest.bytes()
            let written = try await folder.write(MonthExport.manifestName) { try await $0(bytes) }.file
            let sums = (content.written + [written]).sorted { $0.name < $1.name }.map { "\($0.sha256)  \($0.name)\n" }.joined()
            _ = try await folder.write(MonthExport.sumsName) { try await $0(Array(sums.utf8)) }
            guard try await isStillOurs() else {
                await folder.abandon()
                return nil
            }
            let name = try await folder.commit(names)
            return Made(
                folder: name, path: folder.parent + "/" + name, manifestSHA256: written.sha256, addsUp: manifest.addsUp, fileCount: content.written.count + 2)
        } catch {
            await folder.abandon()
            throw error
        }
    }

    private var names: [String] {
        (revision..<revision + ExportFolder.namesMax).map { $0 == 1 ? monthName : "\(monthName)-r\($0)" }
    }

    /// The folder of this very work, when whoever made it was killed before he could tell.
    private func alreadyThere(_ folder: ExportFolder) async -> Made? {
        for name in names {
            guard let bytes = await folder.read(name + "/" + MonthExport.manifestName) else { return nil }
            guard let manifest = try? JSONDecoder().decode(ExportManifest.self, from: Data(bytes)), manifest.export == key else { continue }
            return Made(
                folder: name, path: folder.parent + "/" + name, manifestSHA256: SHA256.hash(data: bytes).map { hexadecimal($0) }.joined(), addsUp: manifest.addsUp,
                fileCount: manifest.files.count + 2)
        }
        return nil
    }

    private func manifest(_ content: MonthExportFiles.Content) throws -> ExportManifest {
        ExportManifest(
            shop: shop.slug, shopName: shop.name, month: monthName, from: books.month.description, through: through.description, timeZone: shop.timeZone,
            revision: revision, books: books.state.rawValue, notice: notice, closing: books.closing.map(ExportManifest.Closing.init), supersedes: supersedes,
            madeAt: Timestamp.text(Timestamp.rounded(store.clock())), madeBy: madeBy, export: key, checks: content.checks, leftOut: content.leftOut,
            files: content.files)
    }

    /// The month's last day.
    var through: CivilDay { MonthRules.next(after: books.month).adding(days: -1) }

    private var notice: String {
        let instead = supersedes.map { " This folder is instead of \($0)." } ?? ""
        switch books.state {
        case .open: return "The month is not closed: late facts may still change its figures." + instead
        case .closed: return "The month is closed: its figures are final." + instead
        case .reopened: return "REOPENED: the month was closed and has been opened again. Its figures may come out otherwise than before." + instead
        }
    }
}

extension ExportManifest.Closing {
    init(_ closing: PeriodView) {
        self.init(
            month: String(closing.month.description.prefix(7)), closedAt: Timestamp.text(closing.closedAt), closedBy: closing.closedBy, note: closing.note,
            reopenedAt: closing.reopenedAt.map(Timestamp.text), reopenedBy: closing.reopenedBy, reopenNote: closing.reopenNote)
    }
}
