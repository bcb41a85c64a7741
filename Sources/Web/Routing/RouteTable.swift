/// What can stand in a table: a method and an address.
protocol Routable: Sendable {
    var method: Route.Method { get }
    var path: PathTemplate { get }
}

/// All routes, found by the number of their segments.
struct RouteTable<Entry: Routable>: Sendable {
    enum Match: Sendable {
        case found(index: Int, places: [Substring])
        /// The address exists, for these methods.
        case otherMethods([String])
        case none
    }

    let routes: [Entry]
    private let bySegmentCount: [Int: [Int]]

    init(_ routes: [Entry]) {
        self.routes = routes
        bySegmentCount = Dictionary(grouping: routes.indices, by: { routes[$0].path.segments.count })
    }

    /// HEAD finds the route of GET. An address with a place never hides one that is written out, if that is declared first.
    func match(method: String, path: Substring) -> Match {
        let wanted = method == "HEAD" ? "GET" : method
        let parts = Array(path.split(separator: "/", omittingEmptySubsequences: false).dropFirst())
        var allowed: [String] = []
        for index in bySegmentCount[parts.count] ?? [] {
            guard let places = routes[index].path.match(parts) else { continue }
            if routes[index].method.rawValue == wanted { return .found(index: index, places: places) }
            allowed.append(routes[index].method.rawValue)
        }
        if allowed.contains("GET") { allowed.append("HEAD") }
        return allowed.isEmpty ? .none : .otherMethods(allowed.sorted())
    }
}
