/// Why a demo shop cannot run.
public enum DemoShopError: Error, Sendable, Equatable {
    case unknownTimeZone(String)
    /// It stopped before it was listening, or had no port to tell.
    case notListening
}
