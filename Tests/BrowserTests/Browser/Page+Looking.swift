import Foundation

/// Something on a page: the first visible element that the selector finds and that shows the text.
struct Spot: Sendable, CustomStringConvertible {
    let css: String
    let text: String?

    init(_ css: String, _ text: String? = nil) { (self.css, self.text) = (css, text) }

    var description: String { text.map { "\(css) with “\($0)”" } ?? css }

    /// A JavaScript expression: the element, or undefined.
    var source: String {
        let wanted = text.map { JSON.text($0).source } ?? "null"
        return """
            [...document.querySelectorAll(\(JSON.text(css).source))].find((one) => (one.checkVisibility() || one.closest("details:not([open])") === null
            && one.matches("option, title, meta")) && (\(wanted) === null || (one.innerText || one.value || one.textContent || "").replace(/\\s+/g, " ").includes(\(wanted))))
            """
    }
}

extension Page {
    /// The value of a JavaScript expression; promises are waited for. Throws `BrowserError` with what the script threw.
    @discardableResult
    func evaluate(_ source: String) async throws -> JSON {
        let answer = try await call(
            "Runtime.evaluate", ["expression": .text(source), "awaitPromise": true, "returnByValue": true, "userGesture": true])
        if case .object = answer["exceptionDetails"] {
            let details = answer["exceptionDetails"]
            throw BrowserError("\(details["exception"]["description"].string ?? details["text"].string ?? "a script failed"): \(source.prefix(300))")
        }
        return answer["result"]["value"]
    }

    /// Waits, inside the page and across pages, until the expression is truthy, and returns its value.
    @discardableResult
    func waitFor(_ condition: String, _ what: String? = nil, within seconds: Double = patience) async throws -> JSON {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            let left = (deadline - ContinuousClock.now) / .seconds(1)
            guard left > 0 else {
                let shown = try? await evaluate("location.pathname + ': ' + document.body.innerText.slice(0, 1500)").string
                throw BrowserError("not within \(seconds) seconds: \(what ?? condition); the page shows \(shown ?? "nothing")")
            }
            do {
                let value = try await evaluate(Self.watching(condition, milliseconds: Int(min(left, 5) * 1000)))
                if value.isTruthy { return value }
            } catch let error as BrowserError where error.isNavigation {
                await Task.yield()
            }
        }
    }

    /// Watches the page's changes; values of fields change without one, so it looks by itself now and then too.
    private static func watching(_ condition: String, milliseconds: Int) -> String {
        """
        new Promise((resolve) => {
          const look = () => { try { return \(condition); } catch { return false; } };
          const first = look();
          if (first) { resolve(first); return; }
          const done = (value) => { observer.disconnect(); clearInterval(timer); clearTimeout(end); resolve(value); };
          const again = () => { const value = look(); if (value) done(value); };
          const observer = new MutationObserver(again);
          observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
          const timer = setInterval(again, 50), end = setTimeout(() => done(false), \(milliseconds));
        })
        """
    }

    /// Waits until it is there and visible.
    func see(_ css: String, _ text: String? = nil, within seconds: Double = patience) async throws {
        let spot = Spot(css, text)
        try await waitFor("!!(\(spot.source))", "\(spot) is there", within: seconds)
    }

    /// Waits until it is there no more, or hidden.
    func miss(_ css: String, _ text: String? = nil, within seconds: Double = patience) async throws {
        let spot = Spot(css, text)
        try await waitFor("!(\(spot.source))", "\(spot) is gone", within: seconds)
    }

    /// Whether it is there now.
    func has(_ css: String, _ text: String? = nil) async throws -> Bool { try await evaluate("!!(\(Spot(css, text).source))").isTruthy }

    /// Its words, as they are shown, once it is there.
    func text(_ css: String, _ text: String? = nil) async throws -> String {
        try await see(css, text)
        return try await evaluate("(\(Spot(css, text).source)).innerText.trim()").string ?? ""
    }

    /// What a field holds.
    func value(_ css: String) async throws -> String {
        try await waitFor("!!document.querySelector(\(JSON.text(css).source))", "\(css) is there")
        return try await evaluate("document.querySelector(\(JSON.text(css).source)).value").string ?? ""
    }

    var path: String {
        get async throws { try await evaluate("location.pathname + location.search").string ?? "" }
    }
}
