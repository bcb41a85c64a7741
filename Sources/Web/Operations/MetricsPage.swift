import FoundationEssentials
import Store

/// `/metrics`: what the daemon does and how its neighbours are. Shops are named by slug; nothing here is about a person.
enum MetricsPage {
    static func reply(_ call: Call) async throws -> Reply {
        var text = MetricsText()
        call.services.metrics.write(&text)
        spending(call.store, &text)
        pool(call.store, &text)
        memory(&text)
        let shops = try? await call.store.shopFigures()
        text.gauge("supportmeter_database_up", shops == nil ? 0 : 1, "1 when the database answered just now.")
        if let shops { feeds(shops, &text) }
        return Reply(status: 200, content: .metrics, body: .text(text.text))
    }

    private static func spending(_ store: Store, _ text: inout MetricsText) {
        let figures = store.spendFigures
        text.gauge("supportmeter_spends_waiting", figures.waiting, "Spends waiting to be decided.")
        text.counter("supportmeter_spends_decided_total", figures.decided, "Spends decided in batches.")
        text.counter("supportmeter_spend_batches_total", figures.batches, "Batches of spends decided; each is one commit.")
        text.gauge("supportmeter_spend_batch_last", figures.lastBatch, "Spends in the last batch.")
    }

    private static func pool(_ store: Store, _ text: inout MetricsText) {
        let figures = store.poolFigures
        text.family("supportmeter_pool_connections", .gauge, "Database connections by what they do.")
        text.sample("", [("state", "open")], figures.open)
        text.sample("", [("state", "idle")], figures.idle)
        text.sample("", [("state", "busy")], figures.busy)
        text.gauge("supportmeter_pool_waiting", figures.waiting, "Callers waiting for a database connection.")
        text.counter("supportmeter_pool_work_total", figures.work, "Pieces of work done on a connection.")
        text.counter("supportmeter_pool_wait_timeouts_total", figures.waitTimeouts, "Callers that waited too long for a connection.")
        text.counter("supportmeter_pool_refused_total", figures.refused, "Callers refused because too many were waiting.")
        text.counter("supportmeter_pool_connections_lost_total", figures.lost, "Connections lost.")
        text.counter("supportmeter_pool_retries_total", figures.retries, "Transactions run again after a serialization failure.")
    }

    private static func feeds(_ shops: [ShopFigures], _ text: inout MetricsText) {
        text.family("supportmeter_feed_lag_seconds", .gauge, "How old what is known of the shop may be.")
        for shop in shops { if let lag = shop.feedLagSeconds { text.sample("", [("shop", shop.slug)], lag) } }
        text.family("supportmeter_feed_failures", .gauge, "Passes in a row that failed.")
        for shop in shops { text.sample("", [("shop", shop.slug)], shop.feedFailures) }
        text.family("supportmeter_feed_rejects", .gauge, "Documents that were not understood and wait for a person.")
        for shop in shops { text.sample("", [("shop", shop.slug)], shop.openRejects) }
        text.family("supportmeter_outbox_waiting", .gauge, "Outgoing messages not yet handed to hooks, and deliveries not yet made.")
        for shop in shops { text.sample("", [("shop", shop.slug)], shop.outboxWaiting) }
        text.family("supportmeter_month_exports_total", .counter, "Months written into the export folder.")
        for shop in shops { text.sample("", [("shop", shop.slug)], shop.monthExports) }
        text.family("supportmeter_month_export_failures", .gauge, "Tries in a row that failed to write a month that is due.")
        for shop in shops { text.sample("", [("shop", shop.slug)], shop.monthExportFailures) }
    }

    /// The second field of /proc/self/statm is the resident set in pages (proc(5)).
    private static func memory(_ text: inout MetricsText) {
        guard let statm = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = statm.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return }
        text.gauge("process_resident_memory_bytes", pages * 4096, "Memory of this process.")
    }
}
