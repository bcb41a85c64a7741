import Foundation
import TestSupport

/// The fuzzer from PyPI in an environment of its own under /tmp, kept between runs.
struct Schemathesis {
    static let version = "4.32.5"
    private static let folder = "/tmp/supportmeter-schemathesis-\(version)"
    private static var program: String { folder + "/bin/st" }

    /// Nil when it is there; else why it cannot be.
    static func install() async throws -> String? {
        if FileManager.default.isExecutableFile(atPath: program) { return nil }
        let building = folder + "-\(ProcessInfo.processInfo.processIdentifier)"
        let made = try await OtherProgram.run("/usr/bin/env", ["python3", "-m", "venv", building])
        guard made.status == 0 else { return "python3 cannot make an environment: \(made.output)" }
        let installed = try await OtherProgram.run(building + "/bin/python", ["-m", "pip", "install", "--quiet", "--retries", "1", "schemathesis==\(version)"])
        guard installed.status == 0 else {
            try? FileManager.default.removeItem(atPath: building)
            return "pip has no schemathesis: \(installed.output.suffix(500))"
        }
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createSymbolicLink(atPath: folder, withDestinationPath: building)
        return nil
    }

    /// Fuzzes what the document at the address tells of. The token travels in the environment, not in the arguments.
    static func fuzz(_ address: String, token: String, settings: String, hooks: String, arguments: [String]) async throws -> OtherProgram {
        let place = folder + "-\(UUID().uuidString)"
        let file = place + ".toml"
        let module = place + ".py"
        defer { for path in [file, module] { try? FileManager.default.removeItem(atPath: path) } }
        try hooks.write(toFile: module, atomically: true, encoding: .utf8)
        try ("hooks = \"\(module)\"\n" + settings).write(toFile: file, atomically: true, encoding: .utf8)
        let all = ["--config-file", file, "--no-color", "run", address + "/openapi.json"] + arguments
        return try await OtherProgram.run(program, all, environment: ["FUZZ_TOKEN": token, "HOME": "/tmp", "PATH": "/usr/bin:/bin"])
    }
}

extension OtherProgram {
    /// The fuzzer's failures alone, where there are some.
    var findings: Substring { output.range(of: "= FAILURES =").map { output[$0.lowerBound...] } ?? output[...] }
}
