import ArgumentParser
import FoundationEssentials
import Store

/// For machines or for people.
struct OutputFlags: ParsableArguments {
    @Flag(help: "Print JSON.")
    var json = false

    var screen: Screen { .current(ProcessInfo.processInfo.environment) }

    /// `{"items":[...],"next":null}` for machines; for people the table, or a sentence when it has no rows.
    func list<Item>(_ items: [Item], empty: String, next: String? = nil, json write: (inout JSONWriter, Item) -> Void, table: () -> Table) {
        if json {
            var json = JSONWriter()
            json.object { json in
                json.field("items") { $0.array(items, write) }
                json.field("next", next)
            }
            return Output.line(json.text)
        }
        if items.isEmpty { return Output.line(empty) }
        table().print(screen)
        if let next { Output.note("there is more: --after \(next)") }
    }

    /// One object for machines; one sentence for people.
    func one(_ sentence: String, json write: (inout JSONWriter) -> Void) {
        guard json else { return Output.line(sentence) }
        var json = JSONWriter()
        write(&json)
        Output.line(json.text)
    }
}
