import CSchema

/// One numbered file of `Schema/`, embedded in the binary.
struct SchemaFile: Sendable {
    let version: Int
    let name: String
    let text: String

    /// All of them in order.
    static let all: [SchemaFile] = (0..<schema_file_count()).map { index in
        let file = unsafe schema_file_at(index)
        return SchemaFile(
            version: Int(unsafe file.version), name: unsafe String(cString: file.name),
            text: unsafe String(decoding: UnsafeBufferPointer(start: file.text, count: file.length), as: UTF8.self))
    }
}
