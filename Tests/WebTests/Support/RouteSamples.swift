import Curl

@testable import Web

/// A request that fits a route's shape, whatever the route.
enum RouteSamples {
    static func method(_ route: Route) -> Curl.HTTPRequest.Method { Curl.HTTPRequest.Method(rawValue: route.method.rawValue) ?? .get }

    static func path(_ route: Route) -> String {
        "/" + route.path.segments.map { segment in
            switch segment {
            case .literal(let text): text
            case .place(let name): name == "slug" || name == "shop" ? "demo" : "999"
            }
        }.joined(separator: "/")
    }

    static func body(_ route: Route) -> [UInt8]? { route.operation.body.map { Array($0.example.utf8) } ?? (route.method == .post ? [] : nil) }
}
