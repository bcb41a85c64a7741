import Store
import Synchronization

/// Counts requests by route and status, and how long they took. Knows nothing of who asked or for what.
final class HTTPMetrics: Sendable {
    /// Upper bounds of the buckets, in seconds.
    static let bounds: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

    private struct Figures {
        var statuses: [Int: Int] = [:]
        var buckets = [Int](repeating: 0, count: HTTPMetrics.bounds.count + 1)
        var seconds = 0.0
    }

    /// One per route, and a last one for what matched none.
    private let figures: Mutex<[Figures]>
    private let names: [(method: String, route: String)]

    init(routes: [any Routable]) {
        names = routes.map { ($0.method.rawValue, $0.path.description) } + [("", "unmatched")]
        figures = Mutex(Array(repeating: Figures(), count: routes.count + 1))
    }

    func count(route: Int?, status: Int, seconds: Double) {
        let bucket = HTTPMetrics.bounds.firstIndex { seconds <= $0 } ?? HTTPMetrics.bounds.count
        figures.withLock { figures in
            let place = route ?? figures.count - 1
            figures[place].statuses[status, default: 0] += 1
            figures[place].buckets[bucket] += 1
            figures[place].seconds += seconds
        }
    }

    func write(_ text: inout MetricsText) {
        let figures = figures.withLock { $0 }
        text.family("supportmeter_http_requests_total", .counter, "Requests answered.")
        for (name, figure) in zip(names, figures) {
            for (status, count) in figure.statuses.sorted(by: { $0.key < $1.key }) {
                text.sample("", [("method", name.method), ("route", name.route), ("status", String(status))], count)
            }
        }
        text.family("supportmeter_http_request_seconds", .histogram, "Time from a request's head to its answer.")
        for (name, figure) in zip(names, figures) where !figure.statuses.isEmpty {
            let labels = [("method", name.method), ("route", name.route)]
            var sum = 0
            for (bound, count) in zip(HTTPMetrics.bounds.map { String($0) } + ["+Inf"], figure.buckets) {
                sum += count
                text.sample("_bucket", labels + [("le", bound)], sum)
            }
            text.sample("_sum", labels, figure.seconds)
            text.sample("_count", labels, sum)
        }
    }
}
