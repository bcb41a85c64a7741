import Domain
import Store

/// Rows of the ledger as JSON Lines, with everything as it is. A month's file must be the same bytes for ever, so this never changes.
struct EntryJSONLines: EntryEncoder {
    /// Each may be a control character: `\u0007`.
    static let bytesOfByteMax = 6

    private let shop: [UInt8]
    private let null = Array("null".utf8)
    /// `{"entry":`, `,"shop":` and so on.
    private let keys: [[UInt8]]
    /// The same of a slice, as it always was: with spaces.
    private let sliceKeys = ["grant", "quantity", "value_minor", "currency", "order", "line"].enumerated().map {
        Array("\($0.offset == 0 ? "{" : ", ")\"\($0.element)\" : ".utf8)
    }
    private var text: LedgerText
    private var key = 0

    init(_ shop: Shop) {
        var json = JSONWriter()
        json.string(shop.slug)
        (self.shop, text) = (json.bytes, LedgerText(shop.zone))
        keys = EntriesReport.columns.enumerated().map { Array("\($0.offset == 0 ? "{" : ",")\"\($0.element)\":".utf8) }
    }

    var heading: [UInt8] { [] }

    mutating func append(_ row: EntryRecord, of source: borrowing Span<UInt8>, to bytes: inout OutputSpan<UInt8>) {
        key = 0
        number(row.entry, &bytes)
        begin(&bytes)
        bytes.append(text: shop.span)
        number(row.ticket, &bytes)
        string(row.channel, source, &bytes)
        string(row.kind, source, &bytes)
        number(row.quantity, &bytes)
        number(row.balanceAfter, &bytes)
        number(row.value, &bytes)
        string(row.currency, source, &bytes)
        instant(row.effectiveAt, &bytes)
        begin(&bytes)
        bytes.append(UInt8(ascii: "\""))
        text.append(dayOf: row.effectiveAt, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
        instant(row.recordedAt, &bytes)
        instant(row.occurredAt, &bytes)
        string(row.agent, source, &bytes)
        string(row.reason, source, &bytes)
        string(row.reference, source, &bytes)
        string(row.note, source, &bytes)
        number(row.order, &bytes)
        number(row.line, &bytes)
        number(row.usage, &bytes)
        number(row.corrects, &bytes)
        number(row.hold, &bytes)
        number(row.forTicket, &bytes)
        number(row.ruleVersion.map(Int64.init), &bytes)
        begin(&bytes)
        slices(row.slices, source, &bytes)
        number(row.money?.sold, &bytes)
        number(row.money?.refunded, &bytes)
        number(row.money?.recognised, &bytes)
        number(row.money?.deferred, &bytes)
        bytes.append(UInt8(ascii: "}"))
        bytes.append(UInt8(ascii: "\n"))
    }

    /// The next column's name.
    private mutating func begin(_ bytes: inout OutputSpan<UInt8>) {
        bytes.append(text: keys[key])
        key += 1
    }

    private mutating func number(_ number: Int64?, _ bytes: inout OutputSpan<UInt8>) {
        begin(&bytes)
        plain(number, &bytes)
    }

    private func plain(_ number: Int64?, _ bytes: inout OutputSpan<UInt8>) {
        if let number { bytes.append(decimal: number) } else { bytes.append(text: null.span) }
    }

    private mutating func instant(_ instant: Int64?, _ bytes: inout OutputSpan<UInt8>) {
        begin(&bytes)
        guard let instant else { return bytes.append(text: null.span) }
        bytes.append(UInt8(ascii: "\""))
        text.append(instant: instant, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func string(_ text: EntryRecord.Text?, _ source: borrowing Span<UInt8>, _ bytes: inout OutputSpan<UInt8>) {
        begin(&bytes)
        guard let text else { return bytes.append(text: null.span) }
        bytes.append(UInt8(ascii: "\""))
        for place in text {
            let byte = source[place]
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { bytes.append(byte) } else { bytes.append(text: JSONWriter.escape(byte)) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private func slices(_ slices: EntryRecord.Slices, _ source: borrowing Span<UInt8>, _ bytes: inout OutputSpan<UInt8>) {
        switch slices {
        case .none: return bytes.append(text: null.span)
        case .one(let slice):
            bytes.append(UInt8(ascii: "["))
            append(slice, source, &bytes)
        case .several(let slices):
            for (place, slice) in slices.enumerated() {
                bytes.append(UInt8(ascii: place == 0 ? "[" : ","))
                if place > 0 { bytes.append(UInt8(ascii: " ")) }
                append(slice, source, &bytes)
            }
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private func append(_ slice: EntryRecord.Slice, _ source: borrowing Span<UInt8>, _ bytes: inout OutputSpan<UInt8>) {
        bytes.append(text: sliceKeys[0])
        bytes.append(decimal: slice.grant)
        bytes.append(text: sliceKeys[1])
        bytes.append(decimal: slice.quantity)
        bytes.append(text: sliceKeys[2])
        bytes.append(decimal: slice.value)
        bytes.append(text: sliceKeys[3])
        bytes.append(UInt8(ascii: "\""))
        bytes.append(text: source.extracting(slice.currency))
        bytes.append(UInt8(ascii: "\""))
        bytes.append(text: sliceKeys[4])
        plain(slice.order, &bytes)
        bytes.append(text: sliceKeys[5])
        plain(slice.line, &bytes)
        bytes.append(UInt8(ascii: "}"))
    }
}
