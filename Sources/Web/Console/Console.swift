import Domain
import FoundationEssentials
import Store

/// What every page needs, made once at start; broken texts or templates fail the start.
struct Console: Sendable {
    /// Where `/` leads.
    static let home = "/tickets"

    let site: Site
    let templates: Templates
    let files: StaticFiles
    /// The windows that hear what changes.
    let windows = LiveWindows()
    private let catalogues: [Language: Catalogue]

    init(publicURL: String?) throws {
        site = Site(publicURL: publicURL)
        templates = try Templates()
        files = try StaticFiles()
        var catalogues: [Language: Catalogue] = [:]
        for language in Language.allCases {
            catalogues[language] = try Catalogue(language, yaml: ConsoleFiles.text("languages/\(language.rawValue).yaml"))
        }
        self.catalogues = catalogues
        english = try Catalogue(.en, yaml: ConsoleFiles.text("languages/en.yaml"))
    }

    private let english: Catalogue

    func localizer(_ language: Language, zone: ShopZone, now: Date) -> Localizer {
        Localizer(catalogue: catalogues[language] ?? english, zone: zone, now: now)
    }
}
