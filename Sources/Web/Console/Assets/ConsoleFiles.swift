import CConsole

/// The files of `Sources/CConsole`, as they were when the program was built.
enum ConsoleFiles {
    /// By path, such as `templates/layout.mustache`.
    static let all: [String: [UInt8]] = {
        var files: [String: [UInt8]] = [:]
        for index in 0..<console_file_count() {
            let file = unsafe console_file_at(index)
            files[unsafe String(cString: file.path)] = unsafe Array(UnsafeBufferPointer(start: file.bytes, count: file.length))
        }
        return files
    }()

    static func text(_ path: String) throws -> String {
        guard let bytes = all[path], let text = String(validating: bytes, as: UTF8.self) else { throw ConsoleFault(what: "\(path) is missing") }
        return text
    }

    /// The files of a folder by their name in it.
    static func folder(_ name: String) -> [String: [UInt8]] {
        Dictionary(uniqueKeysWithValues: all.filter { $0.key.hasPrefix(name + "/") }.map { (String($0.key.dropFirst(name.count + 1)), $0.value) })
    }
}
