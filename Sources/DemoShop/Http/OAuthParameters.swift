/// The `oauth_*` parameters of a request, from the query or from `Authorization: OAuth`.
struct OAuthParameters: Sendable {
    static let names = ["oauth_consumer_key", "oauth_timestamp", "oauth_nonce", "oauth_signature", "oauth_signature_method"]

    /// All parameters that are signed, the query's too, without the signature.
    let signed: [(name: String, value: String)]
    private let values: [String: String]

    /// Nil when the request does not try OAuth at all.
    init?(_ request: ShopRequest) {
        var pairs = request.query.pairs
        if let header = request.authorization, header.lowercased().hasPrefix("oauth ") {
            for part in header.dropFirst(6).split(separator: ",") {
                let sides = part.split(separator: "=", maxSplits: 1).map { $0.trimmingPrefix { $0 == " " } }
                guard sides.count == 2, sides[0].hasPrefix("oauth_") else { continue }
                let value = sides[1].filter { $0 != "\"" && $0 != " " }
                pairs.append((String(sides[0]), PercentCoding.decode(value, plusIsSpace: false)))
            }
        }
        values = Dictionary(pairs.filter { $0.name.hasPrefix("oauth_") }.map { ($0.name, $0.value) }) { $1 }
        signed = pairs.filter { $0.name != "oauth_signature" }
        guard OAuthParameters.names.contains(where: { values[$0] != nil }) else { return nil }
    }

    subscript(_ name: String) -> String { values["oauth_" + name] ?? "" }

    var missing: [String] { OAuthParameters.names.filter { values[$0] == nil } }
}
