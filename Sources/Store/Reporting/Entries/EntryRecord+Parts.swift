import Postgres

extension EntryRecord {
    /// What a change of an order's money did to the books, in minor units.
    public struct Money: Sendable {
        public let currency: Text
        public let sold: Int64
        public let refunded: Int64
        public let recognised: Int64
        public let deferred: Int64

        static let columns = "e.currency, e.sold, e.refunded, e.recognised, e.deferred"

        init?(_ row: inout BinaryRows) throws {
            let currency = try row.text()
            (sold, refunded) = (try row.int64() ?? 0, try row.int64() ?? 0)
            (recognised, deferred) = (try row.int64() ?? 0, try row.int64() ?? 0)
            guard let currency else { return nil }
            self.currency = currency
        }
    }

    /// The part of an entry that one grant bears.
    public struct Slice: Sendable {
        public let grant: Int64
        public let quantity: Int64
        /// Minor units of the currency.
        public let value: Int64
        public let currency: Text
        public let order: Int64?
        public let line: Int64?

        static let columns = "e.slice_quantity, e.slice_value"

        init?(_ grant: Int64?, _ facts: EntryFacts.Grant?, _ row: inout BinaryRows) throws {
            (quantity, value) = (try row.int64() ?? 0, try row.int64() ?? 0)
            guard let grant, let facts else { return nil }
            (self.grant, currency, order, line) = (grant, facts.currency, facts.order, facts.line)
        }

        /// From six words: grant, quantity, value, currency, and order and line, `-` where there is none.
        init(_ words: ArraySlice<ArraySlice<UInt8>>) throws {
            func number(_ place: Int) -> Int64? { Int64(String(decoding: words[words.startIndex + place], as: UTF8.self)) }
            guard let grant = number(0), let quantity = number(1), let value = number(2) else { throw PostgresError(.decoding, "a slice is not of numbers") }
            (self.grant, self.quantity, self.value) = (grant, quantity, value)
            (currency, order, line) = (words[words.startIndex + 3].indices, number(4), number(5))
        }
    }

    /// An entry's slices; a revaluation may have none.
    public enum Slices: Sendable {
        case none
        case one(Slice)
        case several([Slice])

        private static let wordsOfSlice = 6

        init(_ first: Slice?, several: Text?, in bytes: [UInt8]) throws {
            guard let several else {
                self = first.map(Slices.one) ?? .none
                return
            }
            let words = bytes[several].split(separator: UInt8(ascii: " "))
            guard words.count.isMultiple(of: Slices.wordsOfSlice) else { throw PostgresError(.decoding, "slices are not of six words each") }
            self = .several(try stride(from: 0, to: words.count, by: Slices.wordsOfSlice).map { try Slice(words[$0..<$0 + Slices.wordsOfSlice]) })
        }

        public var count: Int {
            switch self {
            case .none: 0
            case .one: 1
            case .several(let slices): slices.count
            }
        }

        var value: Int64? {
            switch self {
            case .none: nil
            case .one(let slice): slice.value
            case .several(let slices): slices.reduce(0) { $0 + $1.value }
            }
        }

        var order: Int64? { same(\.order) ?? nil }
        var line: Int64? { same(\.line) ?? nil }

        func currency(in bytes: [UInt8]) -> Text? {
            switch self {
            case .none: return nil
            case .one(let slice): return slice.currency
            case .several(let slices):
                guard let first = slices.first?.currency else { return nil }
                return slices.allSatisfy { bytes[$0.currency] == bytes[first] } ? first : nil
            }
        }

        /// What all of them have; nil where they differ.
        private func same<Value: Equatable>(_ part: (Slice) -> Value) -> Value? {
            switch self {
            case .none: return nil
            case .one(let slice): return part(slice)
            case .several(let slices):
                guard let first = slices.first.map(part), slices.allSatisfy({ part($0) == first }) else { return nil }
                return first
            }
        }
    }
}
