import ArgumentParser
import OrderFeed
import Store

struct ShopTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Contact a shop and say what is wrong with its URL, keys, TLS or clock.",
        discussion: "Exit 0 when all is well, 1 when the shop answers and something is wrong, 69 when it cannot be reached. Changes nothing.")

    @Argument(help: ArgumentHelp("The shop.", valueName: "slug"))
    var slug: String

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let settings = try settings.resolve()
        let result = try await Database.use(settings) { store -> Result<[FeedDesk.Check], FeedFailure> in
            let shop = try await ShopFlag.find(store, slug: slug)
            do {
                return .success(try await FeedDesk(store: store, logger: settings.logger()).test(shop))
            } catch let failure as FeedFailure {
                return .failure(failure)
            }
        }
        switch result {
        case .success(let checks): try tell(checks)
        case .failure(let failure): try tell(failure)
        }
    }

    private func tell(_ checks: [FeedDesk.Check]) throws {
        let isGood = checks.allSatisfy(\.isGood)
        if format.json {
            format.one("") { json in
                json.object { json in
                    json.field("good", isGood)
                    json.field("checks") { json in
                        json.array(checks) { json, check in
                            json.object { json in
                                json.field("name", check.name)
                                json.field("good", check.isGood)
                                json.field("sentence", check.sentence)
                            }
                        }
                    }
                }
            }
        } else {
            var table = Table([.init(title: "CHECK"), .init(title: "RESULT"), .init(title: "", isFlexible: true)])
            for check in checks { table.add(check.name, check.isGood ? "good" : "wrong", check.sentence) }
            table.print(format.screen)
        }
        if !isGood { throw CommandFailure.answered }
    }

    private func tell(_ failure: FeedFailure) throws {
        guard format.json else { throw failure.asTested }
        format.one("") { json in
            json.object { json in
                json.field("good", false)
                json.field("reason", failure.slug)
                json.field("sentence", failure.sentence)
            }
        }
        throw CommandFailure(message: nil, exitCode: failure.asTested.exitCode)
    }
}
