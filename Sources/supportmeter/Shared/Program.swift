import ArgumentParser
import Domain
import Glibc
import Postgres
import Store

/// One run of the program: reads the arguments, runs the command, and turns whatever it throws into one line and an exit code.
enum Program {
    static func run(_ arguments: [String]) async -> Int32 {
        do {
            var command = try SupportMeter.parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
            return 0
        } catch let failure as CommandFailure {
            if let message = failure.message { note(message) }
            return failure.exitCode
        } catch let error as PostgresError {
            return tell(error)
        } catch let error as SchemaError {
            note(error.description)
            return 1
        } catch let error as BackupError {
            note(error.description)
            return 1
        } catch let refusal as Refusal {
            note(refusal.detail)
            return refusal.failure.exitCode
        } catch {
            return told(error)
        }
    }

    /// Help and versions, and what the argument parser has to say.
    private static func told(_ error: any Error) -> Int32 {
        let code = SupportMeter.exitCode(for: error)
        let message = SupportMeter.fullMessage(for: error)
        if code.isSuccess {
            Output.line(message)
            return 0
        }
        if code == .validationFailure {
            Output.note(message)
            return 2
        }
        note("\(error)")
        return 1
    }

    private static func tell(_ error: PostgresError) -> Int32 {
        switch error.kind {
        case .connection:
            note("the database is not reachable" + (firstLine(error.message).map { ": \($0)" } ?? ""))
            return 69
        case .embeddedServer, .poolTimeout, .poolFull:
            note(error.description)
            return 69
        case .configuration:
            note("setting database-url: \(error.description)")
            return 2
        default:
            note(error.isDiskFull ? "the database has no room on its disk" : error.description)
            return 1
        }
    }

    /// libpq's words, from which the passwords were taken.
    private static func firstLine(_ message: String?) -> String? {
        message.flatMap { $0.split(whereSeparator: \.isNewline).first }.map { TextWidth.plain(String($0)) }
    }

    private static func note(_ message: String) { Output.note("supportmeter: " + message) }
}
