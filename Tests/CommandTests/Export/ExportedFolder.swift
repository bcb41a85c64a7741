import Foundation
import Testing

/// A month's folder as whoever takes it along sees it.
struct ExportedFolder {
    let path: String

    var files: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

    var manifest: [String: Any] {
        let data = (try? Data(contentsOf: URL(fileURLWithPath: path + "/manifest.json"))) ?? Data()
        return ((try? JSONSerialization.jsonObject(with: data)) as? [String: Any]) ?? [:]
    }

    /// What `sha256sum -c` says, and that every file is named in it and in the manifest with its bytes.
    func check() async throws {
        let run = try await Program.run(["-c", "cd \"$1\" && exec sha256sum -c --strict SHA256SUMS", "sh", path], program: "/bin/sh")
        #expect(run.exitCode == 0, "\(run.output) \(run.errors)")
        let summed = run.output.split(separator: "\n").map { String($0.split(separator: ":")[0]) }
        #expect(summed.sorted() == files.filter { $0 != "SHA256SUMS" })
        let told = (manifest["files"] as? [[String: Any]]) ?? []
        #expect(told.compactMap { $0["file"] as? String }.sorted() == files.filter { $0 != "SHA256SUMS" && $0 != "manifest.json" })
        for file in told {
            let name = file["file"] as? String ?? ""
            let size = try FileManager.default.attributesOfItem(atPath: path + "/" + name)[.size] as? Int
            #expect(file["bytes"] as? Int == size && file["sha256"] as? String != nil && file["rows"] as? Int != nil, "\(name)")
        }
    }
}
