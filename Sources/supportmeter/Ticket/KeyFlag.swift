import ArgumentParser
import Domain
import FoundationEssentials

/// The idempotency key of one write.
struct KeyFlag: ParsableArguments {
    @Option(help: "A key of your own, so that a retry does not act twice (default: a new one, printed on stderr).")
    var key: String?

    /// The given key, else a new one that is told on stderr, so that the same command can be tried again with it.
    func resolve() throws -> IdempotencyKey {
        guard let key else {
            let made = "cli-\(UUID().uuidString.lowercased())"
            Output.note("key \(made)")
            return try read(made)
        }
        return try read(key)
    }

    private func read(_ text: String) throws -> IdempotencyKey {
        guard let key = IdempotencyKey(text) else {
            throw CommandFailure.usage("--key: expected 1 to \(IdempotencyKey.lengthMax) printable ASCII characters")
        }
        return key
    }
}
