import Channels
import Foundation
import Store
import TestSupport
import Testing

@Suite("outgoing webhooks are signed as Standard Webhooks says")
struct HookSignatureTests {
    /// The test vector that the libraries of Standard Webhooks and Svix share.
    @Test("the published example gives the published signature")
    func vector() throws {
        let secret = try #require(HookSecret(SecretText("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")))
        let signature = HookSignature.sign(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: Array(#"{"test": 2432232314}"#.utf8), secret: secret)
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test("a secret is whsec_ and 24 to 64 bytes", arguments: ["", "whsec_", "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_%%%%"])
    func badSecrets(text: String) {
        #expect(HookSecret(SecretText(text)) == nil)
    }

    @Test("each hook gets a secret of its own, shown once and never printed")
    func generated() async throws {
        try await LedgerFixture.with { fixture in
            let (hook, secret) = try await fixture.addHook("https://example.com/hook")
            let (_, other) = try await fixture.addHook("https://example.com/hook")
            #expect(secret != other)
            #expect(HookSecret(secret)?.bytes.count == 32)
            var json = JSONWriter()
            hook.write(&json)
            for shown in ["\(hook)", "\(secret)", String(reflecting: secret), json.text] { #expect(!shown.contains(secret.value)) }
        }
    }
}
