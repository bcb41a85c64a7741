extension SQL {
    /// Text as a literal of the SQL language, for statements that take no parameters (`COPY (...) TO STDOUT`, `CREATE DATABASE`).
    ///
    /// Holds whatever `standard_conforming_strings` says. Source: PostgreSQL manual 4.1.2.1 and 4.1.2.2.
    public static func quoteLiteral(_ text: String) -> String {
        let doubled = doubling("'", in: text)
        guard doubled.contains("\\") else { return "'\(doubled)'" }
        return " E'\(doubling("\\", in: doubled))'"
    }

    /// A name as an identifier of the SQL language. Source: PostgreSQL manual 4.1.1.
    public static func quoteIdentifier(_ name: String) -> String {
        "\"\(doubling("\"", in: name))\""
    }

    private static func doubling(_ character: Unicode.Scalar, in text: String) -> String {
        var doubled = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == character { doubled.append(scalar) }
            doubled.append(scalar)
        }
        return String(doubled)
    }
}
