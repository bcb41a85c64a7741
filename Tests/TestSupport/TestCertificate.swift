import Foundation

/// A certificate for 127.0.0.1 that is its own authority, and its key, as files.
public struct TestCertificate: Sendable {
    public let certificatePath: String
    public let keyPath: String

    /// Makes both in the folder, which is made too. Throws when there is no openssl.
    public static func make(in folder: URL) async throws -> TestCertificate {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let made = TestCertificate(certificatePath: folder.appending(path: "shop.pem").path(), keyPath: folder.appending(path: "shop.key").path())
        let run = try await OtherProgram.run(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", made.keyPath, "-out", made.certificatePath,
            ])
        guard run.status == 0 else { throw CocoaError(.fileWriteUnknown, userInfo: [NSLocalizedDescriptionKey: run.output]) }
        return made
    }
}
