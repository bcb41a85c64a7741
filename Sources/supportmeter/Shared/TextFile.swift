import FoundationEssentials
import Glibc
import Store

/// Files that a person names on the command line.
enum TextFile {
    /// The whole file as UTF-8; `-` reads standard input. Throws `CommandFailure` (exit 2) that names the file and what is wrong with it.
    static func read(_ path: String, what: String, bytesMax: Int) throws -> String {
        let descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
        let name = path == "-" ? "standard input" : path
        guard descriptor >= 0 else { throw CommandFailure.usage("\(what) \(name): \(Errno.sentence(errno))") }
        defer { if path != "-" { close(descriptor) } }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw CommandFailure.usage("\(what) \(name): \(Errno.sentence(errno))") }
            if count == 0 { break }
            bytes += buffer[..<count]
            guard bytes.count <= bytesMax else { throw CommandFailure.usage("\(what) \(name): larger than \(bytesMax) bytes") }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw CommandFailure.usage("\(what) \(name): not text in UTF-8") }
        return text
    }
}

/// A secret is given in a file, never as an argument that `ps` would show.
enum SecretFile {
    static let bytesMax = 4096

    /// Without the newline at its end. Throws `CommandFailure` that names the file, never its content.
    static func read(_ path: String, what: String) throws -> SecretText {
        var text = Substring(try TextFile.read(path, what: what, bytesMax: bytesMax))
        while text.last?.isNewline == true { text = text.dropLast() }
        guard !text.isEmpty else { throw CommandFailure.usage("\(what) \(path == "-" ? "standard input" : path): empty") }
        return SecretText(String(text))
    }
}

enum Errno {
    static func sentence(_ number: Int32) -> String {
        switch number {
        case ENOENT: "no such file"
        case EACCES: "permission denied"
        case EISDIR: "is a folder, not a file"
        default: unsafe String(cString: strerror(number))
        }
    }
}

enum FilePath {
    /// Against the folder that the command was started in.
    static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }
}
