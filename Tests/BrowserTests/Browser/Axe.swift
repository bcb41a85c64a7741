import Foundation

/// Deque's axe-core, the accessibility rules, as a package of PyPI carries it; `deploy/install test` brings it.
enum Axe {
    /// Where `deploy/install` puts it.
    private static let file = "/tmp/supportmeter-axe-0.1.8/axe.min.js"

    private static let tags: JSON = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

    /// Nil when the package could not be had.
    static let script = try? String(contentsOfFile: file, encoding: .utf8)

    /// What breaks WCAG 2.2 AA (or good practice) on the page as it is now: rule, place, why; empty when nothing does.
    static func violations(on page: Page, _ script: String) async throws -> [String] {
        if try await !page.evaluate("typeof axe === 'object'").isTruthy { try await page.evaluate(script + "; null") }
        let found = try await page.evaluate(
            """
            axe.run(document, { runOnly: { type: "tag", values: \(tags.source) }, resultTypes: ["violations"], reporter: "v2" }).then((result) =>
              result.violations.flatMap((rule) => rule.nodes.slice(0, 4).map((node) => rule.id + " at " + node.target.join(" ") + ": " +
                [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; "))))
            """)
        return found.items.compactMap(\.string)
    }
}
