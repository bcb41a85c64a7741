import Crypto
import CryptoExtras
import Dispatch
import FoundationEssentials

/// A password as it is kept: `scrypt$<rounds>$<block size>$<parallelism>$<salt>$<hash>`, the last two in base64. The parameters are in the
/// text, so they can be raised without touching what is kept.
enum PasswordHash {
    static let lengthMin = 8
    static let lengthMax = 200
    private static let saltBytes = 16
    private static let hashBytes = 32
    /// OWASP's password storage cheat sheet: N = 2^15, r = 8, p = 3 (32 MiB).
    private static let parameters = Parameters(rounds: 32_768, blockSize: 8, parallelism: 3)
    /// One at a time: each takes 32 MiB and a core for a tenth of a second, and must not stall Swift's cooperative threads.
    private static let queue = DispatchQueue(label: "store.password")

    private struct Parameters {
        let rounds: Int
        let blockSize: Int
        let parallelism: Int

        /// Bounds what a kept text can make this machine do.
        var isBearable: Bool { (2...1_048_576).contains(rounds) && (1...32).contains(blockSize) && (1...16).contains(parallelism) }
    }

    static func make(_ password: String) async throws -> String {
        let salt = (0..<saltBytes).map { _ in UInt8.random(in: .min ... .max) }
        let hash = try await derive(password, salt: salt, parameters)
        let numbers = "\(parameters.rounds)$\(parameters.blockSize)$\(parameters.parallelism)"
        return "scrypt$\(numbers)$\(Data(salt).base64EncodedString())$\(Data(hash).base64EncodedString())"
    }

    /// Compares in constant time. A kept text that is none of ours never verifies.
    static func verify(_ password: String, _ kept: String) async throws -> Bool {
        let parts = kept.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "scrypt", let rounds = Int(parts[1]), let blockSize = Int(parts[2]), let parallelism = Int(parts[3]),
            let salt = Data(base64Encoded: String(parts[4])), let hash = Data(base64Encoded: String(parts[5])), hash.count == hashBytes
        else { return false }
        let parameters = Parameters(rounds: rounds, blockSize: blockSize, parallelism: parallelism)
        guard parameters.isBearable else { return false }
        return isEqual(try await derive(password, salt: Array(salt), parameters), Array(hash))
    }

    /// What is verified when there is no such person, so that the answer takes as long.
    static let nobody = "scrypt$32768$8$3$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

    private static func derive(_ password: String, salt: [UInt8], _ parameters: Parameters) async throws -> [UInt8] {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(
                    with: Result {
                        let key = try KDF.Scrypt.deriveKey(
                            from: Data(password.utf8), salt: salt, outputByteCount: hashBytes, rounds: parameters.rounds,
                            blockSize: parameters.blockSize, parallelism: parameters.parallelism, maxMemory: 256 * 1024 * 1024)
                        return unsafe key.withUnsafeBytes { unsafe Array($0) }
                    })
            }
        }
    }

    static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
