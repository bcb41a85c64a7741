import Domain
import FoundationEssentials
import Logging
import ServiceLifecycle
import Store
import Synchronization

/// Listens to every shop, each in a loop of its own; shops may come and go while it runs. Any number of processes may run it beside the
/// same database: each shop's lease lets one of them read.
public final class FeedService: Service {
    private let store: Store
    private let configuration: FeedConfiguration
    private let owner: String
    private let logger: Logger
    private let bells = Mutex<[ShopID: Bell]>([:])
    private let newShops = Bell()

    /// - Parameter owner: names this process among all that run beside the database; another one each time it starts.
    public init(store: Store, configuration: FeedConfiguration = FeedConfiguration(), owner: String = UUID().uuidString, logger: Logger) {
        self.store = store
        self.configuration = configuration
        self.owner = "daemon-\(owner)"
        self.logger = logger
    }

    /// Runs until the graceful shutdown, or until its task is cancelled: passes end where they are, for what they had stored is stored.
    public func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            await withDiscardingTaskGroup { group in
                group.addTask { await self.listen() }
                await self.lookForShops(&group)
                group.cancelAll()
            }
        }
    }

    private func lookForShops(_ group: inout DiscardingTaskGroup) async {
        while !Task.isCancelled {
            for shop in await liveShops() {
                let loop = ShopLoop(shop, store: store, owner: owner, configuration: configuration, logger: logger)
                let isNew = bells.withLock { bells in
                    guard bells[shop] == nil else { return false }
                    bells[shop] = loop.bell
                    return true
                }
                guard isNew else { continue }
                group.addTask {
                    await loop.run()
                    self.bells.withLock { $0[shop] = nil }
                }
            }
            await newShops.wait(seconds: configuration.shopsSeconds)
        }
    }

    private func liveShops() async -> [ShopID] {
        do {
            let shops = try await store.allShops().filter { !$0.isRetired }.map(\.id)
            store.faults.worked(writing: false)
            return shops
        } catch {
            if !Task.isCancelled, !store.faults.met(error) { logger.error("the shops cannot be read", metadata: ["error": "\(error)"]) }
            return []
        }
    }

    /// Pushes, people and ended passes wake a shop's loop; after a lost connection all are woken, because a word may have been missed.
    private func listen() async {
        for await notification in store.pool.listen([Store.feedChannel, Store.feedDoneChannel]) {
            switch notification {
            case .reconnected: for bell in bells.withLock({ Array($0.values) }) { bell.ring() }
            case .message(let channel, let payload):
                guard let shop = Int64(payload).map({ ShopID($0) }) else { continue }
                let bell = bells.withLock { $0[shop] }
                // Our own loop's passes end, too: that is no reason to look again.
                if channel == Store.feedChannel { (bell ?? newShops).ring() }
            }
        }
    }
}
