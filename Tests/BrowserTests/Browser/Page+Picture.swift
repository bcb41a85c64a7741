import Foundation

/// What the system around the browser prefers.
enum Scheme: String, Sendable, CaseIterable { case light, dark }

extension Page {
    /// Makes the window so wide and high (CSS pixels), and the system light or dark.
    func look(width: Int, height: Int = 900, _ scheme: Scheme = .light) async throws {
        try await call(
            "Emulation.setDeviceMetricsOverride",
            ["width": .number(Double(width)), "height": .number(Double(height)), "deviceScaleFactor": 1, "mobile": false])
        try await look(scheme)
    }

    func look(_ scheme: Scheme) async throws {
        try await call(
            "Emulation.setEmulatedMedia",
            ["features": [["name": "prefers-color-scheme", "value": .text(scheme.rawValue)], ["name": "prefers-reduced-motion", "value": "reduce"]]])
    }

    /// The page as a PNG file; `whole` makes the window as high as the page first, so that nothing sticks in the middle.
    func picture(_ path: String, whole: Bool = false) async throws {
        var values: [String: JSON] = ["format": "png"]
        if whole {
            let height = try await evaluate("scrollTo(0, 0), Math.max(innerHeight, document.documentElement.scrollHeight)")
            let width = try await evaluate("innerWidth")
            try await call(
                "Emulation.setDeviceMetricsOverride", ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": false])
            values["captureBeyondViewport"] = false
        }
        let answer = try await call("Page.captureScreenshot", .object(values))
        guard let data = Data(base64Encoded: answer["data"].string ?? "") else { throw BrowserError("no picture") }
        try data.write(to: URL(fileURLWithPath: path))
    }

    /// The page as it is printed, as a PDF file; its background colours included.
    func print(_ path: String) async throws {
        let answer = try await call("Page.printToPDF", ["printBackground": true, "preferCSSPageSize": true], within: Page.patience)
        guard let data = Data(base64Encoded: answer["data"].string ?? ""), data.starts(with: Array("%PDF".utf8)) else { throw BrowserError("no PDF") }
        try data.write(to: URL(fileURLWithPath: path))
    }

    /// What stands out to the right of the window; a page that fits has none.
    func overflow() async throws -> [String] {
        try await evaluate(
            """
            (() => {
              const wide = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= wide) return [];
              const scrolls = (one) => { for (let up = one.parentElement; up; up = up.parentElement) if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(up).overflowX)) return true; return false; };
              return [...document.body.querySelectorAll("*")].filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > wide + 1 && !scrolls(one))
                .slice(0, 5).map((one) => one.tagName.toLowerCase() + "." + one.className + " " + Math.round(one.getBoundingClientRect().right) + " > " + wide).concat(["scrollWidth " + document.documentElement.scrollWidth]);
            })()
            """
        ).items.compactMap(\.string)
    }
}
