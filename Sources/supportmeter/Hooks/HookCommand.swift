import ArgumentParser
import Domain
import Store

struct HookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hook", abstract: "Outgoing webhooks: which programs are told what, and how that went.",
        subcommands: [
            HookAddCommand.self, HookListCommand.self, HookSetCommand.self, HookRetireCommand.self, HookTestCommand.self,
            HookDeliveriesCommand.self, HookRedeliverCommand.self,
        ])
}

/// `credits.low,credits.empty`.
struct TopicList: ExpressibleByArgument {
    let topics: [String]

    init?(argument: String) {
        topics = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard topics.allSatisfy({ HookTopic(rawValue: $0) != nil }) else { return nil }
    }

    static let known = HookTopic.allCases.map(\.rawValue).joined(separator: ",")
}

struct HookAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Tell another program what happens from now on; prints the secret it checks signatures with, this once.",
        discussion: "Messages are signed as Standard Webhooks says, and tried for 24 hours.")

    @OptionGroup var shop: ShopFlag

    @Option(help: "Where the messages go.")
    var url: String

    @Option(help: ArgumentHelp("What it is told, with commas between: \(TopicList.known) (default: all).", valueName: "topics"))
    var topics: TopicList?

    @Flag(help: "Let it lie in a private network.")
    var allowPrivate = false

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let wanted = topics?.topics ?? HookTopic.allCases.map(\.rawValue)
        let made = try await Database.use(settings.resolve()) { store in
            try await store.addHook(url: url, topics: wanted, allowsPrivate: allowPrivate, to: shop.find(store).id, by: .commandLine).orRefuse()
        }
        if !format.json { Output.note("hook \(made.hook.id) added; its secret is not shown again") }
        format.one(made.secret.value) { json in
            json.object { json in
                json.field("secret", made.secret.value)
                json.field("hook") { made.hook.write(&$0) }
            }
        }
    }
}

struct HookListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List a shop's hooks, also retired ones.")

    @OptionGroup var shop: ShopFlag
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let hooks = try await Database.use(settings.resolve()) { try await $0.hooks(of: shop.find($0).id) }
        format.list(hooks, empty: "no hook yet: `supportmeter hook add` adds one", json: { $1.write(&$0) }) {
            var table = Table([
                .init(title: "HOOK", isNumber: true), .init(title: "URL", isFlexible: true), .init(title: "TOPICS", isFlexible: true),
                .init(title: "FAILURES", isNumber: true), .init(title: "STATE"),
            ])
            for hook in hooks {
                let state = hook.retiredAt == nil ? "in use" : "retired"
                table.add("\(hook.id)", hook.url, hook.topics.joined(separator: ","), String(hook.failures), state)
            }
            return table
        }
    }
}

struct HookSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "set", abstract: "Change a hook. What waits for it goes to the new address.")

    @OptionGroup var shop: ShopFlag

    @Argument(help: "Its number.")
    var id: Int64

    @Option(help: "Where the messages go.")
    var url: String?

    @Option(help: ArgumentHelp("What it is told, with commas between: \(TopicList.known).", valueName: "topics"))
    var topics: TopicList?

    @Option(help: "Whether it may lie in a private network.")
    var allowPrivate: Switch?

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    mutating func validate() throws {
        if url == nil, topics == nil, allowPrivate == nil { throw ValidationError("nothing to set: give --url, --topics or --allow-private") }
    }

    func run() async throws {
        let change = HookChange(url: url, topics: topics?.topics, allowsPrivate: allowPrivate?.isOn)
        let hook = try await Database.use(settings.resolve()) { store in
            try await store.setHook(HookID(id), change, in: shop.find(store).id, by: .commandLine).orRefuse()
        }
        format.one("hook \(hook.id) set") { hook.write(&$0) }
    }
}

struct HookRetireCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire", abstract: "Tell a hook nothing more; what still waits for it is given up.")

    @OptionGroup var shop: ShopFlag

    @Argument(help: "Its number.")
    var id: Int64

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let hook = try await Database.use(settings.resolve()) { store in
            try await store.retireHook(HookID(id), in: shop.find(store).id, by: .commandLine).orRefuse()
        }
        format.one("hook \(hook.id) retired") { hook.write(&$0) }
    }
}
