import Domain
import Store

/// Customers and what they have left.
enum CustomerRoutes {
    static let all: [Route] = [
        Route(
            .get, "/api/v1/customers/{id}",
            Operation(id: "readCustomer", tag: "customers", summary: "One customer.", success: .json(200, .reference("Customer"))),
            access: .token(.balanceRead, read)),
        Route(
            .get, "/api/v1/customers/{id}/balance",
            query: [QueryParameter(name: "at", schema: .time, note: "As of this instant; now unless given.")],
            Operation(
                id: "readBalance", tag: "customers", summary: "What a customer has, in all and ticket by ticket, now or as of an instant.",
                success: .json(200, .reference("Balance"))),
            access: .token(.balanceRead, balance)),
    ]

    private static func read(_ call: Call, _ identity: Identity) async throws -> Reply {
        let id = try call.id(unknown: Refusal.unknownCustomer)
        guard let customer = try await call.store.customer(id, in: identity.shop) else { throw Refusal.unknownCustomer(id) }
        return .written { customer.write(&$0) }
    }

    private static func balance(_ call: Call, _ identity: Identity) async throws -> Reply {
        let id = try call.id(unknown: Refusal.unknownCustomer)
        let at = try call.query().time("at")
        guard let balance = try await call.store.balance(of: id, in: identity.shop, at: at) else { throw Refusal.unknownCustomer(id) }
        return .written { balance.write(&$0) }
    }
}
