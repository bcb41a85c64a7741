/// The part of a network address that one customer of a provider has: attempts are counted under it.
enum NetworkPart {
    /// An IPv4 address as it is; of an IPv6 address the first 64 bits (a subscriber has at least those: RFC 6177, RIPE-690), also where it is
    /// written in another way; an IPv4 address inside an IPv6 one as the former. Anything else as it is.
    static func of(_ address: String) -> String {
        let plain = address.prefix { $0 != "%" } // RFC 4007: the zone of a link-local address
        guard plain.utf8.count <= lengthMax, plain.contains(":"), let groups = groups(plain) else { return address }
        if groups[..<5].allSatisfy({ $0 == 0 }), groups[5] == 0xFFFF {
            return [groups[6] >> 8, groups[6] & 255, groups[7] >> 8, groups[7] & 255].map { String($0) }.joined(separator: ".")
        }
        return groups[..<4].map { String($0, radix: 16) }.joined(separator: ":") + "::/64"
    }

    private static let lengthMax = 45

    /// The eight groups of 16 bits (RFC 4291, 2.2); nil when it is no such address.
    private static func groups(_ text: Substring) -> [UInt16]? {
        var halves: [[UInt16]] = []
        for half in text.replacing("::", with: ";").split(separator: ";", omittingEmptySubsequences: false) {
            guard let part = part(half) else { return nil }
            halves.append(part)
        }
        let count = halves.reduce(0) { $0 + $1.count }
        switch halves.count {
        case 1: return count == 8 ? halves[0] : nil
        case 2: return count < 8 ? halves[0] + [UInt16](repeating: 0, count: 8 - count) + halves[1] : nil
        default: return nil
        }
    }

    /// Groups between colons; the last may be written as an IPv4 address.
    private static func part(_ text: Substring) -> [UInt16]? {
        if text.isEmpty { return [] }
        var groups: [UInt16] = []
        for piece in text.split(separator: ":", omittingEmptySubsequences: false) {
            if piece.contains(".") {
                let bytes = piece.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
                guard bytes.count == 4, let a = bytes[0], let b = bytes[1], let c = bytes[2], let d = bytes[3] else { return nil }
                groups += [UInt16(a) << 8 | UInt16(b), UInt16(c) << 8 | UInt16(d)]
            } else {
                guard (1...4).contains(piece.utf8.count), let group = UInt16(piece, radix: 16) else { return nil }
                groups.append(group)
            }
        }
        return groups
    }
}
