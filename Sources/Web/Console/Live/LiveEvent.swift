import Store

/// One thing that an open window hears: a name, and JSON (server-sent events; WHATWG HTML, 9.2).
struct LiveEvent: Sendable {
    let bytes: [UInt8]

    /// `name` is written in the source, without line breaks; a script listens for it with `desk.live`.
    init(_ name: String, _ fields: (inout JSONWriter) -> Void = { _ in }) {
        var json = JSONWriter()
        json.object(fields)
        bytes = Array("event: \(name)\ndata: ".utf8) + json.bytes + Array("\n\n".utf8)
    }

    /// Says that the connection stands, and finds out whether it does.
    static let beat = Array(": beat\n\n".utf8)
}

/// What happened in the shop since the window was last told, each thing once.
struct LiveNews: Sendable {
    let events: Set<DeskEvent>

    /// Anything may have changed: the window should read all of it again. True in the first news of every stream.
    var isReload: Bool { events.contains(.reload) }
}

/// Why a stream ends although the window would go on listening.
enum LiveEnd: String, Sendable {
    /// The session is over.
    case signedOut = "signed-out"
    /// The same browser opened more windows than may listen; this one listens again when somebody looks at it.
    case elsewhere
}
