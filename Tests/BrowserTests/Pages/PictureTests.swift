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
                for (width, scheme, kind) in [(1280, Scheme.light, "light"), (1280, .dark, "dark"), (360, .light, "360")] {
                    try await page.look(width: width, height: width == 360 ? 740 : 900, scheme)
                    try await page.picture("\(folder)/\(stop.name)-\(kind).png", whole: true)
                }
                if stop.name.hasPrefix("reports") { try await page.print("\(folder)/\(stop.name).pdf") }
            }
        }
    }
}
