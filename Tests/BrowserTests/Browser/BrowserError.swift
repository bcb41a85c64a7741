/// Why a browser did not do what a test asked.
struct BrowserError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }

    /// The page that was asked went away meanwhile; the next one may answer.
    var isNavigation: Bool {
        ["context was destroyed", "navigated or closed", "Cannot find context", "Cannot find default execution context", "Promise was collected", "Not attached to an active page"]
            .contains { description.contains($0) }
    }
}
