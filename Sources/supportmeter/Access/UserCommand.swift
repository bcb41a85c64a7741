import ArgumentParser
import Domain
import Store

extension Role: ExpressibleByArgument {}

struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "The people who sign in: agents, leads, finance, admins.",
        subcommands: [UserAddCommand.self, UserListCommand.self, UserSetCommand.self, UserRetireCommand.self])
}

struct UserAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Add someone to a shop's staff.")

    @OptionGroup var shop: ShopFlag

    @Option(help: "Their address, which they sign in with.")
    var email: String

    @Option(help: "What people call them.")
    var name: String

    @Option(help: "What they may do.")
    var role: Role

    @Option(help: ArgumentHelp("A file with their password, of 8 characters at least; - reads standard input.", valueName: "file"))
    var passwordFile: String

    @Option(help: ArgumentHelp("What the console speaks to them.", valueName: "en"))
    var language = "en"

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let password = try SecretFile.read(passwordFile, what: "password file")
        let staff = try await Database.use(settings.resolve()) { store in
            let shop = try await shop.find(store)
            return try await store.addUser(
                email: email, name: name, role: role, password: password, language: language, to: shop.id, by: .commandLine
            ).orRefuse()
        }
        format.one("user \(staff.email) added as \(staff.role.rawValue)") { staff.write(&$0) }
    }
}

struct UserSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Change someone, who may sign in again if they were retired.")

    @OptionGroup var shop: ShopFlag

    @Argument(help: "Their address.")
    var email: String

    @Option(help: "What people call them.")
    var name: String?

    @Option(help: "What they may do.")
    var role: Role?

    @Option(help: ArgumentHelp("A file with their new password; - reads standard input.", valueName: "file"))
    var passwordFile: String?

    @Option(help: ArgumentHelp("What the console speaks to them.", valueName: "en"))
    var language: String?

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let password = try passwordFile.map { try SecretFile.read($0, what: "password file") }
        let change = StaffChange(name: name, role: role, password: password, language: language)
        let staff = try await Database.use(settings.resolve()) { store in
            try await store.setUser(email, change, in: shop.find(store).id, by: .commandLine).orRefuse()
        }
        format.one("user \(staff.email) set") { staff.write(&$0) }
    }
}

struct UserRetireCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "retire", abstract: "Let someone sign in no more. What they did stays.")

    @OptionGroup var shop: ShopFlag

    @Argument(help: "Their address.")
    var email: String

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let staff = try await Database.use(settings.resolve()) { store in
            try await store.retireUser(email, in: shop.find(store).id, by: .commandLine).orRefuse()
        }
        format.one("user \(staff.email) retired") { staff.write(&$0) }
    }
}

struct UserListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List a shop's staff, also who is retired.")

    @OptionGroup var shop: ShopFlag
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let users = try await Database.use(settings.resolve()) { try await $0.users(of: shop.find($0).id) }
        format.list(users, empty: "nobody yet: `supportmeter user add` adds someone", json: { $1.write(&$0) }) {
            var table = Table([
                .init(title: "EMAIL", isFlexible: true), .init(title: "NAME", isFlexible: true), .init(title: "ROLE"),
                .init(title: "LANGUAGE"), .init(title: "STATE"),
            ])
            for user in users { table.add(user.email, user.name, user.role.rawValue, user.language, user.isRetired ? "retired" : "in use") }
            return table
        }
    }
}

extension Staff {
    func write(_ json: inout JSONWriter) {
        json.object { json in
            json.field("id", id.rawValue)
            json.field("email", email)
            json.field("name", name)
            json.field("role", role.rawValue)
            json.field("language", language)
            json.field("created_at", Timestamp.text(createdAt))
            json.field("retired", isRetired)
        }
    }
}
