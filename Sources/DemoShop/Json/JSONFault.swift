/// A text is not JSON, or more of it than the shop reads; `place` is the offset in bytes.
public struct JSONFault: Error, Sendable, Equatable {
    public let place: Int
}
