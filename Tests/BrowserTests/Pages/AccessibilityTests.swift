import Testing

/// WCAG 2.2 AA, and layout, on every page.
@Suite struct AccessibilityTests {
    @Test("no page breaks a rule of WCAG 2.2 AA, in light or in dark")
    func rules() async throws {
        guard let script = Axe.script else { try Test.cancel("axe-core is not there: deploy/install test brings it") }
        try await World.with { world in
            try await Tour.prepare(world).walk(world) { stop, page in
                for scheme in Scheme.allCases {
                    try await page.look(scheme)
                    let violations = try await Axe.violations(on: page, script)
                    #expect(violations == [], "\(stop.name), \(scheme)")
                }
            }
        }
    }

    @Test("no page is wider than its window: 360 px, a laptop, 4K; every page has one heading of the first rank and a title")
    func layout() async throws {
        try await World.with { world in
            try await Tour.prepare(world).walk(world) { stop, page in
                for width in [360, 768, 1280, 3840] {
                    try await page.look(width: width)
                    let overflow = try await page.overflow()
                    #expect(overflow == [], "\(stop.name) at \(width) px")
                }
                #expect(try await page.evaluate("document.querySelectorAll('h1').length === 1 && document.title.length > 15") == true, "\(stop.name)")
            }
        }
    }
}
