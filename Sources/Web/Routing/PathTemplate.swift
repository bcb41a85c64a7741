/// An address with named places, such as `/api/v1/tickets/{number}/usages`.
struct PathTemplate: Sendable, CustomStringConvertible {
    enum Segment: Sendable, Equatable {
        case literal(String)
        case place(String)
    }

    let description: String
    let segments: [Segment]

    init(_ text: String) {
        description = text
        segments = text.split(separator: "/").map { segment in
            segment.hasPrefix("{") ? .place(String(segment.dropFirst().dropLast())) : .literal(String(segment))
        }
    }

    var places: [String] {
        segments.compactMap { if case .place(let name) = $0 { name } else { nil } }
    }

    /// What stands in the places, in their order; nil when the address is another one.
    func match(_ path: [Substring]) -> [Substring]? {
        guard path.count == segments.count else { return nil }
        var found: [Substring] = []
        for (segment, part) in zip(segments, path) {
            switch segment {
            case .literal(let text): if part != text { return nil }
            case .place: found.append(part)
            }
        }
        return found
    }
}
