import Curl
import Domain
import FoundationEssentials
import Store

/// One page of a relay.
struct RelayPage: Sendable {
    /// Each as it came.
    let elements: [[UInt8]]
    /// Where the next page begins; nil at the end.
    let next: String?
}

/// Reads a relay's feed of recorded deliveries: `GET <url>?after=<cursor>&limit=<n>`.
struct RelayClient: Sendable {
    let http: HTTPClient
    private let url: URLParts
    private let auth: HTTPRequest.BasicAuth?
    private let clock: @Sendable () -> Date

    /// Throws `badAddress` for a URL that cannot be read. With a key and a secret they are sent as Basic, over https only.
    init(shop: Shop, http: HTTPClient, clock: @escaping @Sendable () -> Date) throws(FeedFailure) {
        do throws(HTTPFailure) { url = try URLParts(shop.url) } catch { throw FeedFailure(.badAddress, "The shop's URL cannot be used. \(error)") }
        self.http = http
        self.clock = clock
        if url.scheme == "https", let key = shop.consumerKey, let secret = shop.consumerSecret {
            auth = HTTPRequest.BasicAuth(user: Secret(key.value), password: Secret(secret.value))
        } else {
            auth = nil
        }
    }

    func page(after cursor: String?, limit: Int) async throws -> RelayPage {
        var query = url.query.map { [$0] } ?? []
        if let cursor { query.append("after=\(PercentEncoding.encode(cursor))") }
        query.append("limit=\(limit)")
        let request = HTTPRequest(
            url: url.origin + url.path + "?" + query.joined(separator: "&"), headers: [("Accept", "application/json")], basicAuth: auth)
        let sentAt = clock()
        do {
            let answer = ShopAnswer(try await http.send(request), asked: url, sentAt: sentAt, isSigned: false)
            return try read(answer)
        } catch let failure as HTTPFailure {
            guard let failure = FeedFailure(failure) else { throw CancellationError() }
            throw failure
        }
    }

    private func read(_ answer: ShopAnswer) throws(FeedFailure) -> RelayPage {
        let body = try answer.checkedBody()
        guard let members = JSONObjectMembers.split(body) else {
            throw FeedFailure(body.first == UInt8(ascii: "{") ? .cutOff : .notJSON, "\(answer.shop) answered with something that is no complete page of deliveries.")
        }
        guard let list = members.first(where: { $0.name == "deliveries" }), let elements = JSONListSplitter.split(Array(body[list.value])) else {
            throw FeedFailure(.wrongShape, "\(answer.shop) answered with JSON that has no list of deliveries.")
        }
        return RelayPage(elements: elements.map { Array($0) }, next: members.first { $0.name == "next" }.flatMap { cursor(body[$0.value]) })
    }

    /// Text, or a number as it is written; nil for null and for nothing.
    private func cursor(_ value: ArraySlice<UInt8>) -> String? {
        let data = Data([UInt8(ascii: "[")] + value + [UInt8(ascii: "]")])
        if let text = (try? JSONDecoder().decode([String].self, from: data))?.first { return text.isEmpty ? nil : text }
        return (try? JSONDecoder().decode([Int64].self, from: data))?.first.map { String($0) }
    }
}
