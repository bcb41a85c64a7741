import Domain
import FoundationEssentials
import Store

extension FeedDesk {
    /// Tries a shop's settings and says what is wrong with URL, keys, TLS, clock or permissions. Reads one order and writes nothing.
    public func testConnection(_ shop: Shop) async throws -> ConnectionReport {
        let http = ShopReading.http(shop, configuration, logger: logger)
        var report = ConnectionReport()
        let reading = ShopReading(store: store, shop: shop, owner: owner, http: http, configuration: configuration)
        do {
            switch shop.feedKind {
            case .rest: try await ConnectionTest(reading: reading).rest(&report)
            case .deliveries: try await ConnectionTest(reading: reading).deliveries(&report)
            }
        } catch {
            await http.shutdown()
            throw error
        }
        await http.shutdown()
        ConnectionTest.webhooks(shop, &report)
        return report
    }
}

/// The steps of a connection test, each of which only makes sense after the one before.
struct ConnectionTest: Sendable {
    /// Seconds of difference that are mentioned although they are not in the way.
    static let skewMentionedSecondsMin = 60.0

    let reading: ShopReading

    func rest(_ report: inout ConnectionReport) async throws {
        do {
            let client = try reading.client()
            let index = try await client.get("", authenticated: false)
            report.add("address", .good, "\(index.shop) answers.", code: "address-good")
            clock(index, &report)
            wordPress(index, &report)
            let answer = try await client.get("wc/v3/orders", [("per_page", "1"), ("orderby", "modified")])
            let body = try answer.checkedBody()
            report.add("keys", .good, answer.isSigned ? "The key may read orders (signed, because the address is plain http)." : "The key may read orders.", code: "keys-good")
            orders(body, answer, &report)
        } catch let failure as FeedFailure {
            report.add(ConnectionTest.step(of: failure), failure)
        }
    }

    func deliveries(_ report: inout ConnectionReport) async throws {
        do {
            let relay = try RelayClient(shop: reading.shop, http: reading.http, clock: reading.store.clock)
            let page = try await relay.page(after: nil, limit: 1)
            report.add("address", .good, "The relay answers, with \(page.elements.isEmpty ? "no delivery yet" : "deliveries").", code: "relay-good")
            guard let secret = reading.shop.webhookSecret, let first = page.elements.first else { return }
            switch RelayElement.read(first, secret: secret, now: reading.store.clock()) {
            case .success: report.add("keys", .good, "The first delivery's signature fits the webhook secret.", code: "relay-signature-good")
            case .failure(let element): report.add("keys", .bad, "The first delivery is not accepted: \(element.reason).", code: "relay-signature-bad")
            }
        } catch let failure as FeedFailure {
            report.add(ConnectionTest.step(of: failure), failure)
        }
    }

    static func webhooks(_ shop: Shop, _ report: inout ConnectionReport) {
        guard shop.webhookSecret == nil else { return }
        report.add(
            "webhooks", shop.feedKind == .rest ? .warning : .bad,
            "There is no webhook secret: pushes are refused until one is set with --webhook-secret-file.", slug: "no-webhook-secret")
    }

    private func clock(_ answer: ShopAnswer, _ report: inout ConnectionReport) {
        guard let skew = answer.clockSkewSeconds, abs(skew) > ConnectionTest.skewMentionedSecondsMin else { return }
        let words = "The shop's clock is \(Int(abs(skew).rounded())) seconds \(skew > 0 ? "ahead of" : "behind") ours"
        let end = answer.shop.hasPrefix("http:") ? "; beyond 900 it refuses signed requests." : "."
        report.add("clock", .warning, words + end, code: "clock-differs")
    }

    private func wordPress(_ answer: ShopAnswer, _ report: inout ConnectionReport) {
        struct Index: Decodable { let namespaces: [String]? }
        guard answer.status == 200, let index = try? JSONDecoder().decode(Index.self, from: Data(answer.body)) else {
            let failure = answer.status == 200 ? FeedFailure(.html, "\(answer.shop) is no WordPress API: a page or another program answers there.") : FeedFailure(answer)
            report.add("wordpress", .warning, failure.sentence, slug: failure.slug)
            return
        }
        guard let namespaces = index.namespaces else { return }
        if namespaces.contains("wc/v3") {
            report.add("wordpress", .good, "WordPress with WooCommerce's API wc/v3.", code: "wordpress-good")
        } else {
            report.add("wordpress", .bad, "WordPress is there, but WooCommerce's API wc/v3 is not: WooCommerce is switched off or too old.", slug: "woocommerce-off")
        }
    }

    private func orders(_ body: [UInt8], _ answer: ShopAnswer, _ report: inout ConnectionReport) {
        struct Version: Decodable { let version: String? }
        guard let elements = try? WooOrderDocument.decodeList(body) else {
            report.add("orders", .bad, "\(answer.shop) answered with something that is no list of orders.", slug: "wrong-shape")
            return
        }
        guard let newest = elements.first else {
            report.add("orders", .warning, "The shop shows no order: either it has none yet, or the key's owner may not see them.", code: "orders-none")
            return
        }
        let version = (try? JSONDecoder().decode(Version.self, from: Data(newest.raw)))?.version.map { ", written by WooCommerce \($0)" } ?? ""
        let count = answer.total.map { "\($0) orders" } ?? "orders"
        switch newest.order {
        case .success: report.add("orders", .good, "The shop has \(count); the newest is understood\(version).", code: "orders-good")
        case .failure(let error):
            report.add("orders", .warning, "The shop has \(count); the newest is not understood: \(error).", code: "orders-not-understood")
        }
    }

    /// Where in the list of steps a failure belongs.
    private static func step(of failure: FeedFailure) -> String {
        switch failure.kind {
        case .missingKeys, .unknownKey, .notRecognised, .badSecret, .signatureRefused, .keyCannotRead, .nonceRefused, .authenticationRefused, .noPermission,
            .noWebhookSecret:
            "keys"
        case .clockSkew: "clock"
        case .wooCommerceOff, .notWordPress: "wordpress"
        case .html, .notJSON, .cutOff, .wrongShape, .shortAnswer, .requestRefused: "orders"
        default: "address"
        }
    }
}
