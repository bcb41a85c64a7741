import Foundation
import Testing

/// Pictures of every page for people to look at. `deploy/screenshots DIR` writes them.
@Suite struct PictureTests {
    private static let folder = ProcessInfo.processInfo.environment["SUPPORTMETER_SCREENSHOTS"]

    @Test("every page, in light, in dark and 360 px wide, is written as a picture", .enabled(if: folder != nil))
    func pictures() async throws {
        let folder = try #require(Self.folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try await World.with { world in
            try await Tour.prepare(world).walk(world) { stop, page in
                try await Self.pictures(page, "\(folder)/\(stop.name)")
                if stop.name.hasPrefix("reports") { try await page.print("\(folder)/\(stop.name).pdf") }
            }
        }
        if Tour.visits("reports-download") { try await download("\(folder)/reports-download") }
    }

    private static func pictures(_ page: Page, _ path: String) async throws {
        for (width, scheme, kind) in [(1280, Scheme.light, "light"), (1280, .dark, "dark"), (360, .light, "360")] {
            try await page.look(width: width, height: width == 360 ? 740 : 900, scheme)
            try await page.picture("\(path)-\(kind).png", whole: true)
        }
    }

    /// While a large file comes in slowly.
    private func download(_ path: String) async throws {
        try await World.with { world in
            try await world.fillLedger(try await world.ticket(), usages: 30_000)
            let page = try await world.window(try await world.add("Fina Novak", .finance))
            try await page.goto("/reports")
            try await page.slowDown(150_000)
            try await page.click("#files a[href*='/files/entries/csv?']")
            try await page.see(".file-state", "MB so far")
            try await Self.pictures(page, path)
        }
    }
}
