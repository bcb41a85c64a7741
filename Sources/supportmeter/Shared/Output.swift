import Glibc

/// Standard output and standard error, written whole and at once.
enum Output {
    /// To standard output. A reader that went away ends the program quietly: nobody is left to tell.
    static func write(_ text: String) {
        if !write(text, to: STDOUT_FILENO) { exit(1) }
    }

    static func write(bytes: [UInt8]) {
        if !write(bytes, to: STDOUT_FILENO) { exit(1) }
    }

    static func line(_ text: String) { write(text + "\n") }

    /// To standard error, where people read what is not the answer.
    static func note(_ text: String) { _ = write(text + "\n", to: STDERR_FILENO) }

    /// To standard error without a newline, for progress.
    static func over(_ text: String) { _ = write(text, to: STDERR_FILENO) }

    private static func write(_ text: String, to file: Int32) -> Bool { write(Array(text.utf8), to: file) }

    private static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}

/// What standard output can show.
struct Screen: Sendable {
    /// Columns of a terminal; nil in a pipe or file, where nothing is cut.
    let columns: Int?
    let hasColour: Bool

    var isTerminal: Bool { columns != nil }

    static let pipe = Screen(columns: nil, hasColour: false)
    private static let columnsDefault = 80

    /// NO_COLOR (https://no-color.org) and a terminal that calls itself dumb are honoured.
    static func current(_ environment: [String: String]) -> Screen {
        guard isatty(STDOUT_FILENO) != 0 else { return .pipe }
        let isPlain = environment["NO_COLOR"]?.isEmpty == false || environment["TERM"] == "dumb"
        return Screen(columns: columns(environment), hasColour: !isPlain)
    }

    private static func columns(_ environment: [String: String]) -> Int {
        var size = winsize()
        if unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        return environment["COLUMNS"].flatMap { Int($0) } ?? columnsDefault
    }
}
