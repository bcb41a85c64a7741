/// What a webhook of the shop tells of.
public enum HookTopic: String, Sendable, CaseIterable {
    case created
    case updated
    case deleted
    case restored

    /// The hook's id in the shop's settings.
    var hookID: Int {
        switch self {
        case .created: 1
        case .updated: 2
        case .deleted: 3
        case .restored: 4
        }
    }
}
