/// Every setting there is.
extension Setting {
    static let databaseURL = Setting(
        name: "database-url", kind: .databaseURL, defaultText: "none: PostgreSQL of its own in data-dir", isSecret: true,
        summary: "The PostgreSQL to use. DATABASE_URL is honoured as well.")
    static let dataDirectory = Setting(
        name: "data-dir", kind: .path, defaultText: "~/.local/share/supportmeter, as root /var/lib/supportmeter",
        summary: "The folder of the embedded PostgreSQL; unused with a database URL.")
    static let spoolDirectory = Setting(
        name: "spool-dir", kind: .path, defaultText: "spool in data-dir; none with a database URL",
        summary: "The folder that outgoing messages are written to, a file each; without one nothing can be sent.")
    static let exportDirectory = Setting(
        name: "export-dir", kind: .path, defaultText: "none: no month is exported",
        summary: "The folder, which must be there, that serve and demo write each shop's reports of a month into when it is over, and again when its books are closed or reopened.")
    static let listen = Setting(
        name: "listen", kind: .address, defaultText: "127.0.0.1:8080", summary: "Where serve and demo answer HTTP; port 0 picks one.")
    static let publicURL = Setting(
        name: "public-url", kind: .webAddress, defaultText: "http:// and the listen address",
        summary: "The address that people and shops reach the server under.")
    static let logLevel = Setting(
        name: "log-level", kind: .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
        defaultText: "info for serve, notice for demo, else error", summary: "The least that is logged, on stderr.")
    static let logFormat = Setting(
        name: "log-format", kind: .choice(["text", "json"]), defaultText: "text on a terminal, else json", summary: "How log lines are written.")
    static let poolConnections = Setting(
        name: "pool-connections", kind: .wholeNumber(2...100), unit: "connections", defaultText: "6",
        summary: "Connections of serve and demo to PostgreSQL, beside those of files that are being read; more than eight lose throughput.")
    static let poolWait = Setting(
        name: "pool-wait-seconds", kind: .wholeNumber(1...60), unit: "seconds", defaultText: "5",
        summary: "How long work waits for a connection before it is refused.")
    static let connectWait = Setting(
        name: "connect-seconds", kind: .wholeNumber(2...60), unit: "seconds", defaultText: "5",
        summary: "How long connecting to PostgreSQL may take.")

    static let all = [databaseURL, dataDirectory, spoolDirectory, exportDirectory, listen, publicURL, logLevel, logFormat, poolConnections, poolWait, connectWait]

    static let configFileDefault = "/etc/supportmeter.yaml"
    static let configFileVariable = "SUPPORTMETER_CONFIG"
}
