import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import Store

/// The HTTP server. `serve` and the tests build the same one.
///
/// A graceful shutdown stops listening, answers what was accepted and then returns; shut the store's pool down after that.
public enum WebApplication {
    /// - Parameters:
    ///   - listening: told `http://host:port` once connections are accepted.
    /// - Returns: A service that runs until it is shut down. Its `run()` throws when the address cannot be listened on.
    /// - Throws: When a template or a text of the console is broken.
    public static func build(
        store: Store, configuration: WebConfiguration, logger: Logger, listening: @escaping @Sendable (_ address: String) async -> Void = { _ in }
    ) throws -> some Service {
        let table = RouteTable(Routes.all)
        let pages = RouteTable(PageRoutes.all)
        let services = WebServices(
            store: store, metrics: HTTPMetrics(routes: table.routes + pages.routes), document: OpenAPIDocument(routes: table.routes).text(),
            console: try Console(publicURL: configuration.publicURL), logger: logger)
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return Application(
            responder: WebResponder(table: table, pages: pages, services: services),
            server: .http1(configuration: channel(configuration)),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), backlog: configuration.backlogMax,
                availableConnectionsDelegate: .maximum(configuration.connectionsMax, logger: quiet)),
            onServerRunning: { await listening(address(of: $0, configuration)) },
            logger: quiet)
    }

    private static func channel(_ configuration: WebConfiguration) -> HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGuard(configuration)],
            idleTimeout: .milliseconds(Int64(configuration.idleSecondsMax * 1000)),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: configuration.headerBytesMax, maxHeaderListSize: configuration.headersBytesMax,
                maxHeaderFieldCount: configuration.headersMax))
    }

    private static func address(of channel: any Channel, _ configuration: WebConfiguration) -> String {
        let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
        return "http://\(host):\(channel.localAddress?.port ?? configuration.port)"
    }
}
