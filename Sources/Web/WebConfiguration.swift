/// Where the server listens and how much of it one caller may take.
public struct WebConfiguration: Sendable {
    /// A host name or an IP address.
    public var host: String
    /// 0 picks a free one.
    public var port: Int
    /// `https://support.example`, where people reach the console; nil when they reach it as the browser says.
    public var publicURL: String?
    /// Open connections at most; further ones wait in the kernel's queue until one closes.
    public var connectionsMax = 1024
    /// Connections that the kernel keeps waiting before it refuses more.
    public var backlogMax = 256
    /// A connection without a whole head of a request is closed after so long.
    public var idleSecondsMax = 60.0
    /// A request must have arrived whole, from its head to its last byte, within so long.
    public var readSecondsMax = 30.0
    /// Whoever reads an answer must take some of it within so long.
    public var stallSecondsMax = 60.0
    /// Bytes of a request's body that are read, and thrown away beyond a route's own limit, before the connection is closed.
    public var requestBytesMax = 32 << 20
    /// Bytes of one header, and of all.
    public var headerBytesMax = 16 << 10
    public var headersBytesMax = 32 << 10
    public var headersMax = 100

    public init(host: String = "127.0.0.1", port: Int = 8080, publicURL: String? = nil) {
        self.host = host
        self.port = port
        self.publicURL = publicURL
    }
}
