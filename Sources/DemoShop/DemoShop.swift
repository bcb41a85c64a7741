import Hummingbird
import HummingbirdTLS
import Logging
import ServiceLifecycle

/// A WooCommerce-style shop over real HTTP: `supportmeter demo` sells with it, and tests poll it.
///
/// It answers the REST API as the recorded shops did, from `orders`; `behave` breaks it. It runs once: `run()` serves until the
/// service group shuts down, and the memory of the shop goes with it.
public final class DemoShop: Service {
    /// What was sold, and what may happen to it.
    public let orders: ShopBook
    public let configuration: DemoShopConfiguration

    private let logger: Logger
    private let listening = Listening()
    private let switchboard = ShopSwitchboard()

    /// Throws `DemoShopError.unknownTimeZone`.
    public init(configuration: DemoShopConfiguration, logger: Logger) throws {
        guard let calendar = ShopCalendar(timeZone: configuration.timeZone) else {
            throw DemoShopError.unknownTimeZone(configuration.timeZone)
        }
        let settings = BookSettings(
            siteURL: configuration.siteURL, currency: configuration.currency, calendar: calendar,
            olderVersion: configuration.olderVersion, pluginStatuses: configuration.pluginStatuses, clock: configuration.clock)
        orders = ShopBook(settings: settings, seed: configuration.seed)
        self.configuration = configuration
        self.logger = logger
    }

    /// Serves until shutdown. Throws when the port is taken or the certificate cannot be read.
    public func run() async throws {
        defer { listening.end() }
        let scheme = configuration.tls == nil ? "http" : "https"
        let site = ShopSite(
            book: orders, doorkeeper: Doorkeeper(configuration: configuration), olderVersion: configuration.olderVersion)
        let responder = ShopResponder(site: site, switchboard: switchboard, scheme: scheme, siteURL: configuration.siteURL)
        let address = ApplicationConfiguration(
            address: .hostname(configuration.host, port: configuration.port), serverName: "nginx/1.22.1")
        let application: Application<ShopResponder>
        if let tls = configuration.tls {
            application = Application(
                responder: responder, server: try .tls(tlsConfiguration: try certificate(tls)), configuration: address,
                onServerRunning: { [self] in began(scheme, $0.localAddress?.port) }, logger: logger)
        } else {
            application = Application(
                responder: responder, configuration: address, onServerRunning: { [self] in began(scheme, $0.localAddress?.port) },
                logger: logger)
        }
        try await application.run()
    }

    /// `http://127.0.0.1:41234`, once the shop is listening. Throws `DemoShopError.notListening` when it stopped before.
    public var address: String {
        get async throws { try await listening.address }
    }

    /// Breaks the shop for every request, or for that many, or mends it with nil. Requests under way keep what they met.
    public func behave(_ outage: Outage?, forRequests requests: Int? = nil) {
        switchboard.behave(outage, requests: requests)
    }

    /// Requests answered or hung up on so far.
    public var requestsServed: Int { switchboard.served }

    /// The paths and queries of the last requests, oldest first, signatures and all: for tests, never for a log.
    public var recentRequests: [String] { switchboard.recent }

    private func began(_ scheme: String, _ port: Int?) {
        guard let port else { return listening.end() }
        listening.begin(at: "\(scheme)://\(configuration.host):\(port)")
    }

    private func certificate(_ tls: DemoShopConfiguration.TLS) throws -> TLSConfiguration {
        let certificates = try NIOSSLCertificate.fromPEMFile(tls.certificatePath)
        let key = try NIOSSLPrivateKey(file: tls.keyPath, format: .pem)
        return .makeServerConfiguration(certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(key))
    }
}
