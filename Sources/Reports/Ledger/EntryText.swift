import Store
import Synchronization

/// How a text format writes rows of the ledger.
protocol EntryEncoder: Sendable {
    /// What comes before the first row.
    var heading: [UInt8] { get }
    /// So many bytes of the row's text may become one byte of it.
    static var bytesOfByteMax: Int { get }
    /// Writes the row, whose texts are parts of the source.
    mutating func append(_ row: EntryRecord, of source: borrowing Span<UInt8>, to bytes: inout OutputSpan<UInt8>)
}

/// Makes text of the pieces of one stream.
final class EntryText: Sendable {
    /// What a row has besides the texts that people wrote: 29 columns with their names, numbers of at most 20 digits.
    private static let rowBytes = 2_048
    static let sliceBytes = 256

    let heading: [UInt8]
    private let write: @Sendable (EntryRecords) throws -> [UInt8]

    init<Encoder: EntryEncoder>(_ encoder: Encoder) {
        heading = encoder.heading
        let state = Mutex(encoder)
        write = { records in
            try state.withLock { encoder in
                var (records, text) = (records, [UInt8]())
                text.reserveCapacity(records.bytes.count * 2)
                while let row = try records.next() {
                    let most = EntryText.rowBytes + row.slices.count * EntryText.sliceBytes + row.typedBytes * Encoder.bytesOfByteMax
                    text.append(addingCapacity: most) { bytes in encoder.append(row, of: records.bytes.span, to: &bytes) }
                }
                return text
            }
        }
    }

    func piece(_ records: EntryRecords) throws -> [UInt8] { try write(records) }
}

extension EntryRecord {
    /// Bytes of the texts that people or shops wrote.
    fileprivate var typedBytes: Int { [agent, reason, reference, note].reduce(0) { $0 + ($1?.count ?? 0) } }
}
