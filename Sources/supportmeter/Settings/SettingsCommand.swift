import ArgumentParser
import FoundationEssentials
import Store

struct SettingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings", abstract: "Show every setting: what it is now, where that comes from, and what it may be.",
        discussion: """
            Settings come from flags, then the environment, then a YAML file. In the environment a setting is called SUPPORTMETER_ and
            its name in capitals; DATABASE_URL is honoured as well. The file is a mapping from names to values.
            """)

    @OptionGroup var settings: ServerSettingsFlags
    @OptionGroup var format: OutputFlags

    func run() async throws {
        let resolved = try settings.resolve()
        if format.json { return Output.line(json(resolved)) }
        var table = Table([
            .init(title: "SETTING"), .init(title: "VALUE", isFlexible: true), .init(title: "FROM", isFlexible: true),
        ])
        for setting in Setting.all {
            let value = resolved.value(of: setting)
            let shown = setting.isSecret ? value.map { _ in "***" } : value?.text
            table.add(setting.name, shown ?? "-", value?.source ?? "default")
        }
        table.print(format.screen)
        for setting in Setting.all { Output.line("\n\(setting.name), \(setting.environmentName)\n    \(setting.help)") }
    }

    private func json(_ resolved: Settings) -> String {
        var json = JSONWriter()
        json.object { json in
            json.field("items") { json in
                json.array(Setting.all) { json, setting in
                    let value = resolved.value(of: setting)
                    json.object { json in
                        json.field("name", setting.name)
                        json.field("environment", setting.environmentName)
                        json.field("type", setting.kind.typeName)
                        json.field("expected", setting.kind.expected)
                        json.field("unit", setting.unit)
                        json.field("default", setting.defaultText)
                        json.field("secret", setting.isSecret)
                        json.field("value", setting.isSecret ? value.map { _ in "***" } : value?.text)
                        json.field("source", value?.source ?? "default")
                        json.field("summary", setting.summary)
                    }
                }
            }
            json.field("next", String?.none)
        }
        return json.text
    }
}
