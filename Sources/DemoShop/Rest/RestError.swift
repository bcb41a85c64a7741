/// An error as the REST API tells it: `{"code","message","data":{"status",...}}`.
struct RestError: Error, Sendable, Equatable {
    let status: Int
    let code: String
    let message: String
    /// What `data` is, when it is not `{"status":...}` alone.
    var data: JSONValue?

    var document: JSONValue {
        .members([
            "code": .string(code), "message": .string(message), "data": data ?? .members(["status": .int(status)]),
        ])
    }

    static let noRoute = RestError(
        status: 404, code: "rest_no_route", message: "No route was found matching the URL and request method.")
    static let noOrder = RestError(status: 404, code: "woocommerce_rest_shop_order_invalid_id", message: "Invalid ID.")
    static let noProduct = RestError(status: 404, code: "woocommerce_rest_product_invalid_id", message: "Invalid ID.")
    /// A refund under the wrong order answers 500, and `data` is a bare number.
    static let noRefund = RestError(
        status: 500, code: "woocommerce_rest_invalid_order_refund_id", message: "Invalid order refund ID.", data: .int(404))

    static func cannotView(_ status: Int) -> RestError {
        RestError(status: status, code: "woocommerce_rest_cannot_view", message: "Sorry, you cannot list resources.")
    }

    static func authentication(_ message: String) -> RestError {
        RestError(status: 401, code: "woocommerce_rest_authentication_error", message: message)
    }

    /// All wrong parameters at once, each with its own code.
    static func invalid(_ faults: [ParameterFault]) -> RestError {
        let params = faults.map { JSONMember(name: $0.name, value: .string($0.message)) }
        let details = faults.map { fault in
            let data: JSONValue = fault.code == "rest_invalid_type" ? .members(["param": .string(fault.name)]) : .null
            return JSONMember(
                name: fault.name,
                value: .members(["code": .string(fault.code), "message": .string(fault.message), "data": data]))
        }
        return RestError(
            status: 400, code: "rest_invalid_param",
            message: "Invalid parameter(s): " + faults.map(\.name).joined(separator: ", "),
            data: .members(["status": .int(400), "params": .object(params), "details": .object(details)]))
    }
}
