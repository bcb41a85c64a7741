import Domain
import Store

/// The parameters of one route: places of its address, its query, and the key of a write.
struct ParameterList {
    let route: Route

    var isEmpty: Bool { route.path.places.isEmpty && route.query.isEmpty && !route.operation.isKeyed }

    func write(_ json: inout JSONWriter) {
        json.array { json in
            for place in route.path.places {
                parameter(place, in: "path", isRequired: true, note: nil, ParameterList.schema(place: place), &json)
            }
            for query in route.query { parameter(query.name, in: "query", isRequired: false, note: query.note, query.schema, &json) }
            if route.operation.isKeyed {
                parameter(
                    "Idempotency-Key", in: "header", isRequired: true, note: "The caller's own name for this write.",
                    .text(1...IdempotencyKey.lengthMax, pattern: "^[!-~]([ -~]*[!-~])?$"), &json)
            }
        }
    }

    /// Slugs are texts; everything else in an address is a number.
    private static func schema(place: String) -> Schema {
        place == "slug" || place == "shop" ? .text(1...63, pattern: "^[a-z0-9][a-z0-9-]{0,62}$") : .id
    }

    private func parameter(
        _ name: String, in location: String, isRequired: Bool, note: String?, _ schema: Schema, _ json: inout JSONWriter
    ) {
        json.object { json in
            json.field("name", name)
            json.field("in", location)
            json.field("required", isRequired)
            if let note { json.field("description", note) }
            json.field("schema") { schema.write(&$0) }
        }
    }
}
