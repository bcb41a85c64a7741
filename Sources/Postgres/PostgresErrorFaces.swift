extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
    /// The safe face: names and codes, never a value.
    public var description: String {
        var words = [summary ?? kind.sentence]
        if let sqlState { words.append("SQLSTATE \(sqlState)") }
        if let constraint { words.append("constraint \(constraint)") }
        if let table { words.append("table \(table)") }
        if let column { words.append("column \(column)") }
        if outcomeUnknown { words.append("outcome unknown") }
        return words.joined(separator: ", ")
    }

    /// The full face, for logs: also PostgreSQL's own words and the statement, without the values bound to it.
    public var debugDescription: String {
        var lines = [description]
        for (name, text) in [("message", message), ("detail", detail), ("hint", hint), ("statement", statement)] {
            if let text, !text.isEmpty { lines.append("\(name): \(text)") }
        }
        if let position { lines.append("position: \(position)") }
        return lines.joined(separator: "\n")
    }
}

extension PostgresError.Kind {
    fileprivate var sentence: String {
        switch self {
        case .connection: "the database is not reachable"
        case .server: "the database refused the statement"
        case .protocol: "the database gave an unexpected answer"
        case .poolTimeout: "no database connection became free in time"
        case .poolFull: "too many callers are waiting for a database connection"
        case .poolClosed: "the database pool is shut down"
        case .cancelled: "the work was cancelled"
        case .decoding: "a column is not of the type it is read as"
        case .encoding: "a value cannot be sent to the database"
        case .configuration: "the database settings are not usable"
        case .embeddedServer: "the embedded database server failed"
        }
    }
}
