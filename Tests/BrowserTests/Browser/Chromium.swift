import Foundation
@testable import Postgres

/// A headless Chromium of this test process: started by its first use, ended by its id when the process ends, however that happens.
final class Chromium: Sendable {
    /// Debian's.
    static let program = "/usr/bin/chromium"

    private static let flags = [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe", "--no-first-run",
        "--no-default-browser-check", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
        "--disable-default-apps", "--metrics-recording-only", "--disable-background-timer-throttling",
        "--disable-backgrounding-occluded-windows", "--disable-renderer-backgrounding", "--disable-domain-reliability", "--no-pings",
        "--disable-features=Translate,OptimizationHints,MediaRouter,InterestFeedContentSuggestions,AutofillServerCommunication",
        "--password-store=basic", "--use-mock-keychain", "--hide-scrollbars", "--force-color-profile=srgb", "--lang=en-GB",
        "--proxy-server=http://127.0.0.1:9", "--proxy-bypass-list=127.0.0.1", // nothing but this machine
    ]

    static func shared() async throws -> Chromium { try await SharedChromium.instance.running() }

    let tools: DevTools
    private let child: ChildProcess
    private let folder: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/supportmeter-browser-\(ProcessInfo.processInfo.processIdentifier)"
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        (self.folder, _) = (folder, signal(SIGPIPE, SIG_IGN))
        // Opened for both ways, a pipe with a name lets nobody wait for its other end.
        let ends = try ["in", "out"].map { name in
            guard unsafe mkfifo(folder + "/" + name, 0o600) == 0 else { throw BrowserError("no pipe in \(folder)") }
            let end = unsafe open(folder + "/" + name, O_RDWR | O_CLOEXEC)
            guard end >= 0 else { throw BrowserError("no pipe in \(folder)") }
            return end
        }
        let log = FileManager.default.createFile(atPath: folder + "/log", contents: nil)
        guard log, let output = FileHandle(forWritingAtPath: folder + "/log") else { throw BrowserError("no log in \(folder)") }
        let script = "HOME=\"$0\"; export HOME; exec \"$@\" --user-data-dir=\"$0/profile\" about:blank 3<\"$0/in\" 4>\"$0/out\""
        child = try ChildProcess(
            .init(
                program: "/bin/sh", arguments: ["-c", script, folder, Chromium.program] + Chromium.flags, user: .current,
                outputFile: output.fileDescriptor))
        let tools = DevTools(readingEnd: ends[1], writingEnd: ends[0])
        self.tools = tools
        child.whenEnded { code in
            let said = (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? ""
            tools.end("the browser ended (\(code)); is Debian's chromium installed (deploy/install test)? \(said.suffix(500))")
        }
        ChromiumCleaner.willEnd(pid: child.pid, folder: folder)
    }
}

/// The browser that all tests of the process share.
private actor SharedChromium {
    static let instance = SharedChromium()
    private var task: Task<Chromium, any Error>?

    func running() async throws -> Chromium {
        let starting = task ?? Task {
            let browser = try Chromium()
            try await browser.tools.send("Browser.getVersion", within: 90)
            return browser
        }
        task = starting
        return try await starting.value
    }
}

/// Ends the browser at the exit of the test process, and removes its folder.
enum ChromiumCleaner {
    nonisolated(unsafe) private static var mine: (pid: pid_t, folder: String)?

    /// Called once, before any test has the browser.
    static func willEnd(pid: pid_t, folder: String) {
        unsafe mine = (pid, folder)
        atexit {
            guard let mine = unsafe ChromiumCleaner.mine else { return }
            kill(mine.pid, SIGKILL)
            try? FileManager.default.removeItem(atPath: mine.folder)
        }
    }
}
