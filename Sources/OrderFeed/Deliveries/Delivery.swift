import Domain
import FoundationEssentials
import Store

/// A webhook delivery, as a relay recorded it or as it was pushed: here the body is the record.
struct Delivery: Sendable {
    let topic: String
    let receivedAt: Date
    /// Raw, as WooCommerce signed it.
    let body: [UInt8]
    let source: OrderSource
    /// What is kept when it is not understood: of a relay the whole element with its signature, so that a replay can check it again.
    let kept: [UInt8]
    /// Of a pushed one.
    var number: Int64?
    /// Of a kept one that is tried again.
    var reject: RejectID?
}

/// One element of a relay's page.
struct RelayElement: Decodable, Sendable {
    let topic: String
    let signature: String
    let receivedAt: Date
    let body: String

    enum CodingKeys: String, CodingKey {
        case topic, signature, body
        case receivedAt = "received_at"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        topic = try fields.decodeIfPresent(String.self, forKey: .topic) ?? ""
        signature = try fields.decodeIfPresent(String.self, forKey: .signature) ?? ""
        body = try fields.decode(String.self, forKey: .body)
        let text = try fields.decode(String.self, forKey: .receivedAt)
        guard let date = Timestamp.parse(text) else {
            throw DecodingError.dataCorruptedError(forKey: .receivedAt, in: fields, debugDescription: "not an RFC 3339 time")
        }
        receivedAt = date
    }

    /// The delivery, or why it is kept instead. The signature is checked exactly as a push's is.
    static func read(_ raw: [UInt8], secret: SecretText, now: Date) -> Result<Delivery, RejectedElement> {
        guard let element = try? JSONDecoder().decode(RelayElement.self, from: Data(raw)) else {
            return .failure(RejectedElement(reason: "not a delivery: topic, received_at or body is missing or of another kind", topic: nil, receivedAt: now))
        }
        let body = Array(element.body.utf8)
        guard WebhookSignature.isGood(element.signature, body: body, secret: secret) else {
            return .failure(
                RejectedElement(reason: "the signature does not fit the body", topic: element.topic, receivedAt: element.receivedAt))
        }
        return .success(Delivery(topic: element.topic, receivedAt: element.receivedAt, body: body, source: .delivery, kept: raw))
    }
}

/// Why an element of a relay is kept instead of read.
struct RejectedElement: Error {
    let reason: String
    let topic: String?
    let receivedAt: Date
}
