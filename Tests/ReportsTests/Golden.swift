import Foundation
import Testing

/// Files that say what a format looks like, kept beside the tests. `SUPPORTMETER_WRITE_GOLDEN=1 swift test --filter ReportsTests` writes them
/// anew; what has changed then shows in the diff of the commit.
enum Golden {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")

    static func check(_ name: String, _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = folder.appendingPathComponent(name)
        if ProcessInfo.processInfo.environment["SUPPORTMETER_WRITE_GOLDEN"] != nil {
            try Data(bytes).write(to: file)
        }
        let kept = try [UInt8](Data(contentsOf: file))
        #expect(kept == bytes, "\(name) is not as it was:\n\(String(decoding: bytes.prefix(4_000), as: UTF8.self))", sourceLocation: sourceLocation)
    }

    static func check(_ name: String, _ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try check(name, Array(text.utf8), sourceLocation: sourceLocation)
    }
}
