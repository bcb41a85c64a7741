import ArgumentParser
import Domain
import Logging
import OrderFeed
import Store

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Which products are paid support, and what one unit of them grants.",
        subcommands: [PlanImportCommand.self, PlanListCommand.self, PlanShowCommand.self, PlanRetireCommand.self])
}

struct PlanImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Add or change plans from a YAML file: all of it, or nothing.",
        discussion: """
            A plan is known by its shop and name. A change makes its next version, which concerns order lines first matched later; a plan
            absent from the file is untouched. Lines that matched nothing so far are tried again.
            """)

    @Argument(help: ArgumentHelp("The file; - reads standard input.", valueName: "plans.yaml"))
    var file: String

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let plans = try PlanFile(TextFile.read(file, what: "plan file", bytesMax: PlanFile.bytesMax), file: file).plans
        let settings = try settings.resolve()
        let outcomes = try await Database.use(settings) { store in
            switch try await store.importPlans(plans, by: .commandLine) {
            case .success(let outcomes):
                try await PlanImport.rematch(outcomes, store, logger: settings.logger())
                return outcomes
            case .failure(let refusal): throw CommandFailure.no("\(file): \(refusal)")
            }
        }
        format.list(outcomes, empty: "", json: { $1.write(&$0) }) {
            var table = Table([
                .init(title: "SHOP"), .init(title: "PLAN", isFlexible: true), .init(title: "VERSION", isNumber: true), .init(title: "CHANGE"),
            ])
            for outcome in outcomes { table.add(outcome.shop, outcome.plan.name, String(outcome.plan.version), outcome.change.rawValue) }
            return table
        }
    }
}

/// What follows an import of plans.
enum PlanImport {
    /// Lines that matched nothing so far are tried again in every shop whose plans changed.
    static func rematch(_ outcomes: [PlanOutcome], _ store: Store, logger: Logger) async throws {
        let changed = Set(outcomes.filter { $0.change != .unchanged }.map(\.shop))
        for shop in try await store.allShops() where changed.contains(shop.slug) {
            try await FeedDesk(store: store, logger: logger).rematch(shop)
        }
    }
}

struct PlanListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List a shop's plans, also retired ones.")

    @OptionGroup var shop: ShopFlag
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let plans = try await Database.use(settings.resolve()) { try await $0.plans(of: shop.find($0).id) }
        format.list(plans, empty: "no plan yet: `supportmeter plan import` brings some", json: { $1.write(&$0) }) {
            var table = Table([
                .init(title: "PLAN", isFlexible: true), .init(title: "VERSION", isNumber: true), .init(title: "MATCHES", isFlexible: true),
                .init(title: "CREDITS", isFlexible: true), .init(title: "DAYS", isNumber: true), .init(title: "STATE"),
            ])
            for plan in plans {
                table.add(
                    plan.name, String(plan.version), plan.match.keys.map(\.description).joined(separator: ", "), plan.creditText,
                    plan.validDays.map(String.init) ?? "-", plan.retired ? "retired" : "in use")
            }
            return table
        }
    }
}

struct PlanShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show the newest version of a plan.")

    @OptionGroup var shop: ShopFlag

    @Argument(help: "The plan's name.")
    var name: String

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let plan = try await Database.use(settings.resolve()) { store in
            let shop = try await shop.find(store)
            guard let plan = try await store.plans(of: shop.id).first(where: { $0.name == name }) else {
                throw Refusal.unknown(what: "plan", name: name)
            }
            return plan
        }
        if format.json { return format.one("") { plan.write(&$0) } }
        var table = Table([.init(title: "PLAN"), .init(title: plan.name, isFlexible: true)])
        for (name, value) in plan.facts { table.add(name, value) }
        table.print(format.screen)
    }
}

struct PlanRetireCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire", abstract: "Match no further line. What the plan granted stays.")

    @OptionGroup var shop: ShopFlag

    @Argument(help: "The plan's name.")
    var name: String

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let plan = try await Database.use(settings.resolve()) { store in
            try await store.retirePlan(named: name, in: shop.find(store).id, by: .commandLine).orRefuse()
        }
        format.one("plan \"\(plan.name)\" retired") { plan.write(&$0) }
    }
}
