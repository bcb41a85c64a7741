import ArgumentParser
import FoundationEssentials
import Store

/// A shop's secrets, each in a file of its own, and the CA its certificate is checked with.
struct ShopKeyFlags: ParsableArguments {
    @Option(help: ArgumentHelp("A file with the key of the shop's REST interface; - reads standard input.", valueName: "file"))
    var consumerKeyFile: String?

    @Option(help: ArgumentHelp("A file with the secret of that key; - reads standard input.", valueName: "file"))
    var consumerSecretFile: String?

    @Option(help: ArgumentHelp("A file with the secret that WooCommerce signs webhooks with; - reads standard input.", valueName: "file"))
    var webhookSecretFile: String?

    @Option(help: ArgumentHelp("A file with the CA certificate (PEM) of a shop with a certificate of its own.", valueName: "file"))
    var caFile: String?

    @Option(help: ArgumentHelp("Leave out orders created before it: a day (in UTC) or a time in RFC 3339.", valueName: "date"))
    var since: Instant?

    mutating func validate() throws {
        if [consumerKeyFile, consumerSecretFile, webhookSecretFile].count(where: { $0 == "-" }) > 1 {
            throw ValidationError("standard input (-) can hold one secret only")
        }
    }

    func consumerKey() throws -> SecretText? { try consumerKeyFile.map { try SecretFile.read($0, what: "consumer key file") } }
    func consumerSecret() throws -> SecretText? { try consumerSecretFile.map { try SecretFile.read($0, what: "consumer secret file") } }
    func webhookSecret() throws -> SecretText? { try webhookSecretFile.map { try SecretFile.read($0, what: "webhook secret file") } }

    /// Absolute, because the daemon runs elsewhere. Must be readable now.
    func certificates() throws -> String? {
        try caFile.map { path in
            _ = try TextFile.read(path, what: "CA file", bytesMax: 4_000_000)
            return FilePath.absolute(path)
        }
    }
}
