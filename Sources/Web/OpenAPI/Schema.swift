import Store

/// A JSON Schema (2020-12, as OpenAPI 3.1 uses it) that can write itself.
struct Schema: Sendable {
    private let content: @Sendable (inout JSONWriter) -> Void

    init(_ content: @escaping @Sendable (inout JSONWriter) -> Void) { self.content = content }

    /// The whole schema object.
    func write(_ json: inout JSONWriter) { json.object(content) }

    static func reference(_ name: String) -> Schema { Schema { $0.field("$ref", "#/components/schemas/\(name)") } }

    static let boolean = Schema { $0.field("type", "boolean") }

    static func integer(_ bounds: ClosedRange<Int64>? = nil) -> Schema {
        Schema { json in
            json.field("type", "integer")
            json.field("format", "int64")
            if let bounds {
                json.field("minimum", bounds.lowerBound)
                json.field("maximum", bounds.upperBound)
            }
        }
    }

    /// Never below zero.
    static let count = integer(0...Int64.max)
    /// The number of a row.
    static let id = integer(1...Int64.max)

    static func text(_ lengths: ClosedRange<Int>? = nil, pattern: String? = nil, format: String? = nil) -> Schema {
        Schema { json in
            json.field("type", "string")
            if let lengths {
                json.field("minLength", lengths.lowerBound)
                json.field("maxLength", lengths.upperBound)
            }
            if let pattern { json.field("pattern", pattern) }
            if let format { json.field("format", format) }
        }
    }

    /// RFC 3339.
    static let time = text(format: "date-time")
    /// What people write: anything but NUL.
    static func words(_ charactersMax: Int) -> Schema { text(1...charactersMax, pattern: "^[^\\u0000]*$") }
    static let channel = text(1...32, pattern: "^[a-z][a-z0-9_-]{0,31}$")

    static func choice(_ values: [String]) -> Schema {
        Schema { json in
            json.field("type", "string")
            json.field("enum") { $0.array(values) { $0.string($1) } }
        }
    }

    static func list(_ element: Schema, _ lengths: ClosedRange<Int>? = nil) -> Schema {
        Schema { json in
            json.field("type", "array")
            json.field("items") { element.write(&$0) }
            if let lengths {
                json.field("minItems", lengths.lowerBound)
                json.field("maxItems", lengths.upperBound)
            }
        }
    }

    /// An object with a member of that schema under any name.
    static func map(_ value: Schema) -> Schema {
        Schema { json in
            json.field("type", "object")
            json.field("additionalProperties") { value.write(&$0) }
        }
    }

    static func nullable(_ schema: Schema) -> Schema {
        Schema { json in
            json.field("anyOf") { json in
                json.array { json in
                    schema.write(&json)
                    json.object { $0.field("type", "null") }
                }
            }
        }
    }
}

/// One member of an object.
struct Property: Sendable {
    let name: String
    let schema: Schema
    let isRequired: Bool

    static func required(_ name: String, _ schema: Schema) -> Property { Property(name: name, schema: schema, isRequired: true) }
    static func optional(_ name: String, _ schema: Schema) -> Property { Property(name: name, schema: schema, isRequired: false) }
}

extension Schema {
    /// An object with exactly these members.
    static func object(_ properties: [Property]) -> Schema {
        Schema { json in
            json.field("type", "object")
            json.field("properties") { json in
                json.object { json in
                    for property in properties { json.field(property.name) { property.schema.write(&$0) } }
                }
            }
            let required = properties.filter(\.isRequired).map(\.name)
            if !required.isEmpty { json.field("required") { $0.array(required) { $0.string($1) } } }
            json.field("additionalProperties", false)
        }
    }

    /// What lists answer.
    static func page(_ element: Schema) -> Schema {
        object([.required("items", list(element)), .required("next", nullable(text()))])
    }
}
