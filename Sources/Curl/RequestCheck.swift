/// Refuses what must not be sent before anything is sent.
extension HTTPRequest {
    /// Throws `.badURL`, `.protocolNotAllowed` or `.badRequest`.
    func check() throws(HTTPFailure) {
        let address = try URLParts(url).safeDescription
        let isSound =
            headers.allSatisfy { Self.isToken($0.name) && Self.isFieldValue($0.value) && !Self.isOurs($0.name) }
            && (method != .get || body == nil)
            && [basicAuth?.user, basicAuth?.password].allSatisfy { Self.isFieldValue($0?.reveal() ?? "") }
            && basicAuth?.user.reveal().contains(":") != true
            && (basicAuth == nil || !headers.contains { $0.name.lowercased() == "authorization" })
        guard isSound else { throw HTTPFailure(reason: .badRequest, address: address) }
    }

    /// RFC 9110, 5.6.2.
    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                (0x21...0x7e).contains(byte) && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte)
            }
    }

    /// No control characters but the tab, so that no value can start another header.
    private static func isFieldValue(_ value: String) -> Bool {
        value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }
    }

    private static func isOurs(_ name: String) -> Bool {
        ["host", "content-length", "transfer-encoding", "accept-encoding", "connection", "expect"].contains(name.lowercased())
    }
}
