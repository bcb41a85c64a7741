import FoundationEssentials

extension WooOrderDocument {
    /// Bytes to fields. An error document of the shop is told as such.
    static func read<Fields: Decodable>(_ type: Fields.Type, _ body: [UInt8], expected: String) throws(OrderDocumentError) -> Fields {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            if let shopError = shopError(in: body) { throw shopError }
            if case DecodingError.typeMismatch(_, let context) = error, context.codingPath.isEmpty { throw .wrongKind(expected: expected) }
            throw OrderDocumentError(error)
        }
    }

    static func shopError(in body: [UInt8]) -> OrderDocumentError? {
        guard let fields = try? JSONDecoder().decode(WooErrorFields.self, from: Data(body)) else { return nil }
        return .shopError(code: String(fields.code.prefix(LooseNumber.shownMax * 2)), status: fields.status)
    }

    static func isJSON(_ body: [UInt8]) -> Bool { (try? JSONDecoder().decode(WooAnyJSON.self, from: Data(body))) != nil }
}

/// `{"id":326}`
struct WooIDFields: Decodable {
    let id: Int64

    enum CodingKeys: String, CodingKey { case id }

    init(from decoder: any Decoder) throws { id = try decoder.container(keyedBy: CodingKeys.self).looseInteger(.id) }
}

/// `{"code": "...", "message": "...", "data": {"status": 404}}`; some errors have `"data": 404` or none. An order has an id and no code.
private struct WooErrorFields: Decodable {
    let code: String
    let status: Int?

    enum CodingKeys: String, CodingKey { case code, data, id }
    enum DataKeys: String, CodingKey { case status }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        guard !fields.contains(.id) else { throw fields.wrong(.id, expected: "no id") }
        code = try fields.decode(String.self, forKey: .code)
        let data = try? fields.nestedContainer(keyedBy: DataKeys.self, forKey: .data)
        status = (try? data?.decodeIfPresent(Int.self, forKey: .status)) ?? (try? fields.decode(Int.self, forKey: .data))
    }
}

/// Any JSON, not looked at.
private struct WooAnyJSON: Decodable {
    init(from decoder: any Decoder) throws {}
}
