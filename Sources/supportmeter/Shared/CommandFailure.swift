/// Why a command ends without having done what it was asked, and with which exit code.
struct CommandFailure: Error {
    /// One line for stderr, without "supportmeter:" before it; nil when all was said.
    let message: String?
    let exitCode: Int32

    /// 1: the answer is no.
    static func no(_ message: String) -> CommandFailure { CommandFailure(message: message, exitCode: 1) }
    /// 1, and the answer was printed already.
    static let answered = CommandFailure(message: nil, exitCode: 1)
    /// 2: wrong usage.
    static func usage(_ message: String) -> CommandFailure { CommandFailure(message: message, exitCode: 2) }
    /// 69: a needed service is not reachable (EX_UNAVAILABLE).
    static func unreachable(_ message: String) -> CommandFailure { CommandFailure(message: message, exitCode: 69) }
}
