import ArgumentParser
import Domain
import Foundation
import Store

struct CustomerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "customer", abstract: "What is held about a customer: take it out, or forget it.",
        subcommands: [CustomerExportCommand.self, CustomerEraseCommand.self])
}

struct CustomerExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Everything held about a customer, as one JSON object.")

    @Argument(help: "The customer, by the id that `ticket show` shows.")
    var id: Int64

    @Option(name: .shortAndLong, help: ArgumentHelp("Write it there, readable by its owner only (default: standard output).", valueName: "file"))
    var output: String?

    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let json = try await Database.use(settings.resolve()) { store in
            let id = CustomerID(id)
            guard let shop = try await store.shop(ofCustomer: id) else { throw Refusal.unknownCustomer(id) }
            return try await store.exportCustomer(id, in: shop, by: .commandLine).orRefuse()
        }
        guard let output else { return Output.line(json) }
        _ = try await PrivateFile(path: output).write { try $0.write(contentsOf: Data((json + "\n").utf8)) }
    }
}

struct CustomerEraseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase", abstract: "Forget a customer: names, addresses, documents and messages go; entries and sums stay.",
        discussion: "Cannot be undone. Backups made before still hold everything.")

    @Argument(help: "The customer, by the id that `ticket show` shows.")
    var id: Int64

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let report = try await Database.use(settings.resolve()) { store in
            let id = CustomerID(id)
            guard let shop = try await store.shop(ofCustomer: id) else { throw Refusal.unknownCustomer(id) }
            return try await store.eraseCustomer(id, in: shop, by: .commandLine).orRefuse()
        }
        let figures = [
            ("orders", report.orders), ("superseded_documents", report.supersededDocuments), ("rejected_documents", report.rejectedDocuments),
            ("pushed_documents", report.pushedDocuments), ("notes", report.notes), ("answers", report.answers), ("messages", report.messages),
            ("tickets", report.tickets),
        ]
        let emptied = figures.filter { $0.1 > 0 }.map { "\($0.1) \($0.0.replacing("_", with: " "))" }.joined(separator: ", ")
        format.one("customer \(id) erased" + (emptied.isEmpty ? "" : ": \(emptied)")) { json in
            json.object { json in
                json.field("customer", id)
                for (name, count) in figures { json.field(name, count) }
            }
        }
    }
}
