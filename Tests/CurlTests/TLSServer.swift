import Foundation
import Glibc
import Testing

/// An authority and certificates signed by it, made once by the `openssl` command.
final class Certificates: Sendable {
    enum Kind: String {
        case good, expired, future, wrongHost
    }

    static let shared: Result<Certificates, any Error> = Result {
        let certificates = try Certificates()
        atexit { try? FileManager.default.removeItem(atPath: Certificates.shared.get().path("")) }
        return certificates
    }

    private let folder: TemporaryFolder

    private init() throws {
        folder = try TemporaryFolder()
        for name in ["ca", "server"] {
            try run("openssl ecparam -name prime256v1 -genkey -noout -out \(name).key", in: folder.url)
        }
        try run("openssl req -x509 -new -key ca.key -subj '/CN=Test authority' -days 2 -out ca.pem", in: folder.url)
        try run("openssl req -x509 -new -key server.key -subj '/CN=Another authority' -days 2 -out other-ca.pem", in: folder.url)
        try run("openssl req -new -key server.key -subj /CN=server -out server.csr; mkdir new; : > index; echo 01 > serial", in: folder.url)
        try """
            [ca]
            default_ca = own
            [own]
            database = index
            serial = serial
            new_certs_dir = new
            default_md = sha256
            unique_subject = no
            policy = any
            [any]
            commonName = supplied
            """.write(to: folder.url.appending(path: "ca.conf"), atomically: true, encoding: .utf8)
        try issue(.good, names: "IP:127.0.0.1", from: "20200101000000Z", until: "20490101000000Z")
        try issue(.expired, names: "IP:127.0.0.1", from: "20200101000000Z", until: "20210101000000Z")
        try issue(.future, names: "IP:127.0.0.1", from: "20480101000000Z", until: "20490101000000Z")
        try issue(.wrongHost, names: "DNS:shop.example", from: "20200101000000Z", until: "20490101000000Z")
    }

    private func issue(_ kind: Kind, names: String, from: String, until: String) throws {
        try "subjectAltName = \(names)\n".write(to: folder.url.appending(path: "names"), atomically: true, encoding: .utf8)
        try run(
            "openssl ca -batch -notext -config ca.conf -cert ca.pem -keyfile ca.key -in server.csr -extfile names "
                + "-startdate \(from) -enddate \(until) -out \(kind.rawValue).pem", in: folder.url)
    }

    var authority: String { path("ca.pem") }
    var otherAuthority: String { path("other-ca.pem") }
    var key: String { path("server.key") }

    func certificate(_ kind: Kind) -> String { path("\(kind.rawValue).pem") }

    func path(_ name: String) -> String { folder.url.appending(path: name).path }
}

/// `openssl s_server` with one of the certificates; ended with its owner, by its process id.
final class TLSServer {
    let url: String
    private let process = Process()

    /// - Parameter folder: with one, the files in it are the whole answers, headers included.
    init(_ kind: Certificates.Kind, arguments: [String] = [], folder: String? = nil) throws {
        let certificates = try Certificates.shared.get()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["openssl", "s_server", folder == nil ? "-www" : "-HTTP", "-accept", "127.0.0.1:0"]
            + ["-cert", certificates.certificate(kind), "-key", certificates.key] + arguments
        if let folder { process.currentDirectoryURL = URL(filePath: folder) }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        var text = ""
        var port: Int?
        while port == nil {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { break }
            text += String(decoding: data, as: UTF8.self)
            // Only whole lines: the last piece may still grow.
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            let line = lines.first { $0.hasPrefix("ACCEPT ") }
            port = line?.split(separator: ":").last.flatMap { Int($0) }
        }
        url = "https://127.0.0.1:\(try #require(port, "openssl did not start: \(text)"))/"
    }

    deinit {
        // Foundation starts children with the signal mask of the calling thread, and a task's thread blocks SIGTERM.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
