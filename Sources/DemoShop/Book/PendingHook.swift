/// A delivery that is due. The body is made when it is sent, so states are skipped as in a real shop.
public struct PendingHook: Sendable, Hashable {
    public let topic: HookTopic
    public let order: Int
}
