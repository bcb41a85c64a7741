import ArgumentParser
import Domain
import Store

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "What other programs call the API with.",
        subcommands: [TokenCreateCommand.self, TokenListCommand.self, TokenRetireCommand.self])
}

/// `usage:write,balance:read`.
struct ScopeList: ExpressibleByArgument {
    let scopes: Set<TokenScope>

    init?(argument: String) {
        guard let scopes = TokenScope.parse(list: argument), !scopes.isEmpty else { return nil }
        self.scopes = scopes
    }
}

struct TokenCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a token and print it, alone and this once.",
        discussion: "Only its hash is stored. Scopes: usage:write (usages, holds), balance:read (all other reads), report:read, admin (everything).")

    @OptionGroup var shop: ShopFlag

    @Option(help: ArgumentHelp("What it may do, with commas between.", valueName: "usage:write,balance:read"))
    var scope: ScopeList

    @Option(help: "What the ledger calls its bearer (default: token and its number).")
    var label: String?

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let made = try await Database.use(settings.resolve()) { store in
            try await store.createToken(scopes: scope.scopes, label: label, for: shop.find(store).id, by: .commandLine).orRefuse()
        }
        if !format.json { Output.note("token \(made.token.id) \"\(made.token.label)\" may \(made.token.scopeText); it is not shown again") }
        format.one(made.text.value) { json in
            json.object { json in
                json.field("token", made.text.value)
                json.field("id", made.token.id.rawValue)
                json.field("label", made.token.label)
                json.field("scopes") { $0.array(made.token.scopes.map(\.rawValue).sorted()) { $0.string($1) } }
            }
        }
    }
}

struct TokenListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List a shop's tokens by number, also retired ones.")

    @OptionGroup var shop: ShopFlag
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let tokens = try await Database.use(settings.resolve()) { try await $0.tokens(of: shop.find($0).id) }
        format.list(tokens, empty: "no token yet: `supportmeter token create` makes one", json: { $1.write(&$0) }) {
            var table = Table([
                .init(title: "TOKEN", isNumber: true), .init(title: "LABEL", isFlexible: true), .init(title: "SCOPES", isFlexible: true),
                .init(title: "CREATED"), .init(title: "STATE"),
            ])
            for token in tokens {
                let day = String(Timestamp.text(token.createdAt).prefix(10))
                table.add(token.id.description, token.label, token.scopeText, day, token.isRetired ? "retired" : "in use")
            }
            return table
        }
    }
}

struct TokenRetireCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire", abstract: "Make a token useless.",
        discussion: "A daemon that is running may still accept it for \(Int(Store.tokenSecondsMax)) seconds.")

    @OptionGroup var shop: ShopFlag

    @Argument(help: "Its number, as `token list` shows it.")
    var id: Int64

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let token = try await Database.use(settings.resolve()) { store in
            try await store.retireToken(TokenID(id), in: shop.find(store).id, by: .commandLine).orRefuse()
        }
        format.one("token \(token.id) \"\(token.label)\" retired") { token.write(&$0) }
    }
}

extension TokenView {
    func write(_ json: inout JSONWriter) {
        json.object { json in
            json.field("id", id.rawValue)
            json.field("label", label)
            json.field("scopes") { $0.array(scopes.map(\.rawValue).sorted()) { $0.string($1) } }
            json.field("created_at", Timestamp.text(createdAt))
            json.field("retired", isRetired)
        }
    }
}
