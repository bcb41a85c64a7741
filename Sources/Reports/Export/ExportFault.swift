import Glibc

/// Why a month could not be written into its folder.
public struct ExportFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file or folder.
    public let path: String
    /// In the words of the operating system.
    public let reason: String

    init(_ path: String, errno code: Int32) {
        self.path = path
        reason = ExportFault.words(code)
    }

    init(_ path: String, _ reason: String) {
        self.path = path
        self.reason = reason
    }

    public var description: String { "\(path): \(reason)" }

    private static func words(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}
