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

    fileprivate struct Parameters: Hashable {
        let rounds: Int
        let blockSize: Int
        let parallelism: Int

        /// Bounds what a kept text can make this machine do.
        var isBearable: Bool { (2...1_048_576).contains(rounds) && (1...32).contains(blockSize) && (1...16).contains(parallelism) }
    }

    /// What the costly part of a check is made from: texts with the same recipe are checked with one derivation.
    struct Recipe: Hashable {
        fileprivate let parameters: Parameters
        fileprivate let salt: [UInt8]
    }

    /// A kept text in its parts.
    private struct Kept {
        let recipe: Recipe
        let hash: [UInt8]

        /// Nil for a text that is none of ours.
        init?(_ text: String) {
            let parts = text.split(separator: "$", omittingEmptySubsequences: false)
            guard parts.count == 6, parts[0] == "scrypt", let rounds = Int(parts[1]), let blockSize = Int(parts[2]), let parallelism = Int(parts[3]),
                let salt = Data(base64Encoded: String(parts[4])), let hash = Data(base64Encoded: String(parts[5])), hash.count == hashBytes
            else { return nil }
            let parameters = Parameters(rounds: rounds, blockSize: blockSize, parallelism: parallelism)
            guard parameters.isBearable else { return nil }
            recipe = Recipe(parameters: parameters, salt: Array(salt))
            self.hash = Array(hash)
        }
    }

    /// Nil for a text that is none of ours.
    static func recipe(of kept: String) -> Recipe? { Kept(kept)?.recipe }

    /// `sharing` is what is kept of the same person elsewhere: its salt is taken where it was made as we make them now. A person has one salt at
    /// all shops, so that a check takes as long however many those are.
    static func make(_ password: String, sharing kept: String? = nil) async throws -> String {
        let shared = kept.flatMap(Kept.init).flatMap { $0.recipe.parameters == parameters ? $0.recipe.salt : nil }
        let salt = shared ?? (0..<saltBytes).map { _ in UInt8.random(in: .min ... .max) }
        let hash = try await derive(password, salt: salt, parameters)
        let numbers = "\(parameters.rounds)$\(parameters.blockSize)$\(parameters.parallelism)"
        return "scrypt$\(numbers)$\(Data(salt).base64EncodedString())$\(Data(hash).base64EncodedString())"
    }

    static func verify(_ password: String, _ kept: String) async throws -> Bool { try await verify(password, [kept]) == [true] }

    /// Which of the kept texts it is: one derivation for each recipe among them, and one where there is none. Compares in constant time. A kept
    /// text that is none of ours never verifies.
    static func verify(_ password: String, _ texts: [String]) async throws -> [Bool] {
        let kept = texts.map(Kept.init)
        let recipes = Set(kept.compactMap(\.?.recipe))
        var derived: [Recipe: [UInt8]] = [:]
        for recipe in recipes.isEmpty ? [nobody] : recipes { derived[recipe] = try await derive(password, salt: recipe.salt, recipe.parameters) }
        return kept.map { kept in
            guard let kept, let hash = derived[kept.recipe] else { return false }
            return isEqual(hash, kept.hash)
        }
    }

    /// What is derived when there is no such person, so that the answer takes as long.
    private static let nobody = Recipe(parameters: parameters, salt: [UInt8](repeating: 0, count: saltBytes))

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
