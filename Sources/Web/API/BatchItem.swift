import Domain
import Store

/// One element of a batch: a usage and its key, or what is wrong with it.
struct BatchItem: Sendable {
    /// The key as it was sent; nil when it was no text.
    let keyText: String?
    let reading: Reading

    enum Reading: Sendable {
        case usage(Usage, IdempotencyKey)
        case refused(Answer)
    }

    private static let names = ["ticket", "key"] + UsageBody.names

    init(_ value: JSONValue) {
        keyText = BatchItem.key(value)
        do {
            let fields = try Fields(value, known: BatchItem.names)
            let key = try IdempotencyKey.read(BatchItem.key(value)).get()
            let ticket = TicketID(try fields.whole("ticket", bounds: 1...Int64.max))
            reading = .usage(try UsageBody.read(fields, ticket: ticket), key)
        } catch let refusal as Refusal {
            reading = .refused(.refused(refusal))
        } catch {
            reading = .refused(Answer(problem: error as? Problem ?? .internal))
        }
    }

    private static func key(_ value: JSONValue) -> String? {
        guard case .object(let members) = value, case .string(let text)? = members.first(where: { $0.name == "key" })?.value else { return nil }
        return text
    }
}

extension Answer {
    /// A problem as an answer to one item of a batch.
    init(problem: Problem) { self.init(status: problem.status, body: problem.body) }
}
