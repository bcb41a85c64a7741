import Channels
import Domain
import Logging
import OrderFeed
import Postgres
import ServiceLifecycle
import Store
import UnixSignals
import Web

/// Everything that runs while the daemon does: opened in the order in which one thing needs another, closed in reverse.
struct Daemon {
    let settings: Settings
    let logger: Logger
    let store: Store
    private let server: EmbeddedServer?

    static let userAgent = "supportmeter/0.1"

    /// How long a shutdown waits for what was accepted before it gives up on it.
    private static let shutdownSecondsMax = 25

    /// Opens the database. `standard` is the least that is logged unless the settings say. Throws `CommandFailure` or `PostgresError` when it cannot be used.
    static func open(_ settings: Settings, standard: Logger.Level = .info) async throws -> Daemon {
        let logger = settings.logger(standard: standard)
        if let url = settings.databaseURL {
            let store = makeStore(url.value, settings, logger)
            do {
                try await store.checkSchema()
            } catch {
                await store.shutdown()
                throw error
            }
            return Daemon(settings: settings, logger: logger, store: store, server: nil)
        }
        let server = EmbeddedServer(EmbeddedServerConfiguration(folder: settings.dataDirectory), logger: logger)
        try await server.start()
        guard let url = server.connectionString else { throw CommandFailure.unreachable("the embedded PostgreSQL is not running") }
        let store = makeStore(url, settings, logger)
        do {
            let report = try await store.migrate()
            // The folder's lock says that no other daemon lives here: one that was killed will not renew its leases.
            try await store.releaseDaemonLeases()
            if !report.files.isEmpty { logger.info("schema brought up to date", metadata: ["version": "\(report.after)"]) }
        } catch {
            await store.shutdown()
            await server.stop()
            throw error
        }
        return Daemon(settings: settings, logger: logger, store: store, server: server)
    }

    /// Finance's files that are read at a time, each with a connection of its own.
    private static let streamsMax = 4
    private static let streamWaitersMax = 32
    /// How long a further one waits.
    private static let streamWaitSeconds = 60.0

    private static func makeStore(_ url: String, _ settings: Settings, _ logger: Logger) -> Store {
        var configuration = PoolConfiguration(url)
        configuration.connectionsMax = settings.poolConnections
        configuration.waitSecondsMax = Double(settings.poolWaitSeconds)
        configuration.connectSecondsMax = settings.connectSeconds
        let pool = Pool(configuration, logger: logger)
        configuration.connectionsMax = streamsMax
        configuration.waitersMax = streamWaitersMax
        configuration.waitSecondsMax = streamWaitSeconds
        return Store(pool: pool, streams: Pool(configuration, logger: logger), logger: logger)
    }

    /// Runs until the signal. `beside` is told the address and gives further services, which start once the server listens;
    /// `listening` is told it too.
    func run(
        until stop: StopSignal, beside: @escaping @Sendable (_ address: String) async throws -> [any Service],
        listening: @escaping @Sendable (_ address: String) async -> Void
    ) async throws {
        let address = AddressBox()
        let web: any Service
        do {
            web = try makeWeb { found in
                await address.set(found)
                await listening(found)
            }
        } catch {
            await close()
            throw error
        }
        var services: [any Service] = []
        if let server { services.append(EmbeddedGuard(server: server, faults: store.faults, logger: logger)) }
        services.append(UpkeepService(store: store, logger: logger))
        services.append(HookService(store: store, sender: HookSender(userAgent: Daemon.userAgent, logger: logger), logger: logger))
        services.append(SenderService(store: store, provider: provider, logger: logger))
        services.append(FeedService(store: store, logger: logger))
        if let folder = settings.exportDirectory { services.append(MonthExportService(store: store, folder: folder, logger: logger)) }
        services.append(web)
        services.append(LateServices(address: address, make: beside, logger: logger))

        var members = services.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) }
        members.append(.init(service: stop, successTerminationBehavior: .gracefullyShutdownGroup))
        var configuration = ServiceGroupConfiguration(services: members, logger: quiet)
        configuration.maximumGracefulShutdownDuration = .seconds(Daemon.shutdownSecondsMax)
        let result: Result<Void, any Error>
        do {
            try await ServiceGroup(configuration: configuration).run()
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await close()
        do {
            try result.get()
        } catch {
            throw ListenFailure.explained(error, settings.listen)
        }
    }

    private func makeWeb(_ listening: @escaping @Sendable (_ address: String) async -> Void) throws -> any Service {
        let configuration = WebConfiguration(host: settings.listen.host, port: settings.listen.port, publicURL: settings.publicURL)
        return try WebApplication.build(store: store, configuration: configuration, logger: logger, listening: listening)
    }

    /// Who delivers what agents write.
    private var provider: any MessageProvider {
        settings.spoolDirectory.map { SpoolProvider(folder: $0) } ?? MissingProvider()
    }

    /// Closes the database; `run` does it at its end.
    func close() async {
        await store.shutdown()
        await server?.stop()
    }

    /// The service group says more than anybody wants to read.
    private var quiet: Logger {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return quiet
    }
}
