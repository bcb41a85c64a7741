import CPostgres

/// The settings an embedded server starts with; given as arguments each time, so that an update of the program brings new ones.
struct ServerSettings {
    let configuration: EmbeddedServerConfiguration
    let socket: ServerSocket

    var arguments: [String] {
        values.merging(configuration.settings) { _, given in given }
            .sorted { $0.key < $1.key }
            .flatMap { ["-c", "\($0.key)=\($0.value)"] }
    }

    private var values: [String: String] {
        let durability = configuration.isDurable ? "on" : "off"
        return [
            "listen_addresses": "", "unix_socket_directories": quoted(socket.folder), "unix_socket_permissions": "0700", "port": "5432",
            "fsync": durability, "full_page_writes": durability, "synchronous_commit": "on",
            "max_connections": String(configuration.connectionsMax),
            // A batch of spends locks each of its keys.
            "max_locks_per_transaction": "256",
            "shared_buffers": "\(configuration.sharedMegabytes ?? Self.sharedMegabytes)MB", "work_mem": "16MB",
            "effective_cache_size": "\(Self.memoryMegabytes / 2)MB", "max_wal_size": "2GB", "checkpoint_timeout": "15min",
            "random_page_cost": "1.1", "jit": "off", "logging_collector": "off", "log_destination": "stderr",
            "log_min_messages": "warning", "log_checkpoints": "off", "log_line_prefix": "%m [%p] ", "log_timezone": "UTC",
            "timezone": "UTC",
            // After a crash: one call instead of an fsync of each file, which took 6 s of a recovery of 6.5 s (errors are told since Linux 5.8).
            "recovery_init_sync_method": "syncfs",
            // Values of customers stay out of the log, also when a statement fails.
            "log_min_error_statement": "panic", "log_error_verbosity": "terse", "log_parameter_max_length_on_error": "0",
        ]
    }

    /// A list of folders has commas between them, so one with a comma or a space needs quotes.
    private func quoted(_ folder: String) -> String {
        SQL.quoteIdentifier(folder)
    }

    private static var sharedMegabytes: Int { min(1_024, max(32, memoryMegabytes / 8)) }

    private static var memoryMegabytes: Int {
        max(256, sysconf(Int32(_SC_PHYS_PAGES)) / 1024 * sysconf(Int32(_SC_PAGESIZE)) / 1024)
    }
}
