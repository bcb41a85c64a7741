/// The parameters of one statement as libpq wants them: text with a NUL behind each, in one piece of memory.
struct ParameterBuffer {
    /// A statement carries 65,535 parameters at most (the protocol counts them in 16 bits); long lists are arrays.
    static let parametersMax = 65_535

    private var bytes: [CChar] = []
    private var offsets: [Int?] = []

    var count: Int32 { Int32(offsets.count) }

    /// Throws `.encoding` for text with a NUL byte, which C would cut short without a word.
    init(_ parameters: [String?], statement: String) throws {
        guard parameters.count <= Self.parametersMax else {
            throw PostgresError(.encoding, "a statement takes \(Self.parametersMax) parameters at most", statement: statement)
        }
        offsets.reserveCapacity(parameters.count)
        bytes.reserveCapacity(parameters.reduce(0) { $0 + ($1?.utf8.count ?? 0) + 1 })
        for (index, parameter) in parameters.enumerated() {
            guard let parameter else {
                offsets.append(nil)
                continue
            }
            guard !parameter.utf8.contains(0) else {
                throw PostgresError(.encoding, "parameter $\(index + 1) holds a NUL byte, which text cannot", statement: statement)
            }
            offsets.append(bytes.count)
            append(parameter)
        }
    }

    private mutating func append(_ parameter: String) {
        var parameter = parameter
        parameter.withUTF8 { text in
            unsafe text.withMemoryRebound(to: CChar.self) { unsafe bytes.append(contentsOf: $0) }
        }
        bytes.append(0)
    }

    /// Hands the pointers to one call of libpq; nil when there are no parameters.
    func withPointers<R>(_ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> R) -> R {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            let pointers: [UnsafePointer<CChar>?] = unsafe offsets.map { offset -> UnsafePointer<CChar>? in
                guard let offset, let base = buffer.baseAddress else { return nil }
                return unsafe base + offset
            }
            return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
        }
    }
}
