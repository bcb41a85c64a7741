import Foundation
import Synchronization

/// One window of a browser of its own: no cookie, storage or cache is shared with another.
final class Page: Sendable {
    private struct State {
        var loaded: Set<String> = []
        var loads = 0
        var complaints: [String] = []
        var dialogs = 0
    }

    private let tools: DevTools
    let address: String
    let session: String
    private let context: String
    private let target: String
    private let state = Mutex(State())

    /// How long a page may take before a test gives up; a loaded machine is slow.
    static let patience = 120.0

    private init(_ tools: DevTools, address: String, session: String, context: String, target: String) {
        (self.tools, self.address, self.session, self.context, self.target) = (tools, address, session, context, target)
    }

    /// Opens an empty window for the server at `address`.
    static func open(_ address: String, width: Int = 1280, height: Int = 900) async throws -> Page {
        let tools = try await Chromium.shared().tools
        let context = try await tools.send("Target.createBrowserContext")["browserContextId"]
        let made = try await tools.send(
            "Target.createTarget",
            ["url": "about:blank", "browserContextId": context, "newWindow": true, "width": .number(Double(width)), "height": .number(Double(height))])
        let attached = try await tools.send("Target.attachToTarget", ["targetId": made["targetId"], "flatten": true])
        guard let session = attached["sessionId"].string, let id = context.string, let target = made["targetId"].string else {
            throw BrowserError("no window could be opened")
        }
        let page = Page(tools, address: address, session: session, context: id, target: target)
        tools.listen(session) { [weak page] in page?.hear($0, $1) }
        for domain in ["Page", "Runtime", "Log", "Network"] { try await page.call(domain + ".enable") }
        try await page.call("Page.setLifecycleEventsEnabled", ["enabled": true])
        try await page.call("Emulation.setFocusEmulationEnabled", ["enabled": true])
        try await page.look(width: width, height: height)
        return page
    }

    /// Closes the window and forgets its cookies.
    func close() async {
        tools.listen(session, nil)
        _ = try? await tools.send("Target.disposeBrowserContext", ["browserContextId": .text(context)])
    }

    @discardableResult
    func call(_ method: String, _ values: JSON = [:], within seconds: Double = 60) async throws -> JSON {
        try await tools.send(method, values, session: session, within: seconds)
    }

    /// What the page complained of since the last time: script errors, and what its policy or the server's failure kept from it.
    func complaints() -> [String] { state.withLock { state in defer { state.complaints = [] }; return state.complaints } }

    /// How many boxes (`alert`, `confirm`) scripts have opened; each was closed again.
    var dialogs: Int { state.withLock { $0.dialogs } }

    private func hear(_ method: String, _ values: JSON) {
        switch method {
        case "Page.lifecycleEvent" where values["name"] == "load":
            state.withLock { state in
                state.loads += 1
                if let id = values["loaderId"].string { state.loaded.insert(id) }
            }
        case "Runtime.exceptionThrown":
            let details = values["exceptionDetails"]
            complain("\(details["text"].string ?? "") \(details["exception"]["description"].string ?? "") at \(details["url"].string ?? "")")
        case "Runtime.consoleAPICalled" where values["type"] == "error" || values["type"] == "assert":
            complain(values["args"].items.map { $0["value"].string ?? $0["description"].string ?? "" }.joined(separator: " "))
        case "Log.entryAdded" where values["entry"]["level"] == "error":
            let text = values["entry"]["text"].string ?? ""
            // A refusal with a page or a problem of its own is an answer; a failure of the server is not.
            if !text.contains("status of 4") { complain("\(text) \(values["entry"]["url"].string ?? "")") }
        case "Page.javascriptDialogOpening":
            state.withLock { $0.dialogs += 1 }
            Task { try await call("Page.handleJavaScriptDialog", ["accept": true]) }
        default: break
        }
    }

    private func complain(_ text: String) { state.withLock { $0.complaints.append(text) } }

    // MARK: Going places

    /// Opens a path of the server, or a whole address, and returns when it has loaded.
    func goto(_ path: String) async throws {
        let answer = try await call("Page.navigate", ["url": .text(path.hasPrefix("http") ? path : address + path)])
        if let problem = answer["errorText"].string { throw BrowserError("\(path): \(problem)") }
        guard let loader = answer["loaderId"].string else { return } // within the page
        try await until("\(path) has loaded") { $0.loaded.contains(loader) }
    }

    /// Does something that leads to another page, and returns when that has loaded.
    func follow(_ step: () async throws -> Void) async throws {
        let before = state.withLock { $0.loads }
        try await step()
        try await until("another page has loaded") { $0.loads > before }
    }

    func reload() async throws { try await follow { try await call("Page.reload") } }

    private func until(_ what: String, _ test: (State) -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(Page.patience)
        while !state.withLock({ test($0) }) {
            guard ContinuousClock.now < deadline else { throw BrowserError("not within \(Page.patience) seconds: \(what)") }
            // The browser's next answer comes after the events before it: that paces the loop.
            try await tools.send("Browser.getVersion")
        }
    }

    /// Switches scripts off or on, for the pages that are opened from now on.
    func runScripts(_ isOn: Bool) async throws { try await call("Emulation.setScriptExecutionDisabled", ["value": .flag(!isOn)]) }

    /// Cuts or mends the network.
    func goOffline(_ isOffline: Bool) async throws { try await network(isOffline: isOffline) }

    /// Lets so many bytes a second come in; nil: as many as there are.
    func slowDown(_ bytesPerSecond: Int?) async throws { try await network(isOffline: false, bytesPerSecond ?? -1) }

    private func network(isOffline: Bool, _ bytesPerSecond: Int = -1) async throws {
        try await call(
            "Network.emulateNetworkConditions",
            ["offline": .flag(isOffline), "latency": 0, "downloadThroughput": .number(Double(bytesPerSecond)), "uploadThroughput": -1])
    }

    /// Puts a cookie of the server's in.
    func setCookie(_ name: String, _ value: String) async throws {
        try await call("Network.setCookie", ["name": .text(name), "value": .text(value), "url": .text(address), "httpOnly": true, "sameSite": "Lax"])
    }

    func forgetCookies() async throws { try await call("Network.clearBrowserCookies") }
}
