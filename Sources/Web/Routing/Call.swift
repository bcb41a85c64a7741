import Domain
import Hummingbird
import Store

/// One request on its way to its handler.
struct Call: Sendable {
    let request: Request
    let route: Route
    let services: WebServices
    /// What stood in the places of the route's address.
    let places: [Substring]
    let queryText: Substring?

    var store: Store { services.store }

    func query() throws -> Query { try Query(queryText, known: route.query) }

    /// The id in a place of the address. Anything but a number is an id that nothing has.
    func id<ID: Identifier>(_ place: Int = 0, _ type: ID.Type = ID.self, unknown: (ID) -> Refusal) throws -> ID {
        guard let number = WholeText.number(places[place]), number > 0 else {
            throw Refusal.unknown(what: Call.noun(unknown(ID(0))), name: String(places[place]))
        }
        return ID(number)
    }

    /// `unknown-ticket` is about a ticket.
    private static func noun(_ refusal: Refusal) -> String { String(refusal.type.dropFirst("unknown-".count)) }

    /// The caller's name for this write (P5).
    func key() throws -> IdempotencyKey { try IdempotencyKey.read(request.headers[.idempotencyKey]).get() }

    /// The body, whole; 413 when it is larger than the route takes.
    func body() async throws -> [UInt8] { try await BodyReader.collect(request, bytesMax: route.bodyBytesMax) }

    func fields(_ known: [String]) async throws -> Fields { try Fields.parse(try await body(), known: known) }

    /// As `fields`, where no body at all counts as `{}`.
    func optionalFields(_ known: [String]) async throws -> Fields {
        let body = try await body()
        return try body.isEmpty ? Fields(.object([]), known: known) : Fields.parse(body, known: known)
    }
}
