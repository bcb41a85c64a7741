/// An IPv4 or IPv6 address by its bytes.
package struct IPAddress: Sendable, Hashable {
    /// 4 or 16 bytes in network order.
    package let bytes: [UInt8]

    /// nil unless there are 4 or 16 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Whether it is a unicast address of the public internet. An IPv6 address that carries an IPv4 address (mapped, NAT64, 6to4)
    /// is judged by the latter.
    package var isPublic: Bool {
        if bytes.count == 4 { return !Self.closedIPv4.contains { $0.contains(bytes) } }
        for (carrier, offset) in Self.carriersOfIPv4 where carrier.contains(bytes) {
            return IPAddress(bytes: Array(bytes[offset..<offset + 4]))?.isPublic ?? false
        }
        return Self.global.contains(bytes) && !Self.closedIPv6.contains { $0.contains(bytes) }
    }

    /// A prefix and its length in bits.
    private struct Block {
        let prefix: [UInt8]
        let bits: Int

        init(_ prefix: [UInt8], _ bits: Int) {
            self.prefix = prefix
            self.bits = bits
        }

        func contains(_ bytes: [UInt8]) -> Bool {
            for bit in 0..<bits {
                let mask = UInt8(0x80) >> UInt8(bit % 8)
                let wanted = bit / 8 < prefix.count ? prefix[bit / 8] : 0
                if (bytes[bit / 8] & mask) != (wanted & mask) { return false }
            }
            return true
        }
    }

    /// The IANA special-purpose registry for IPv4 (RFC 6890 and later), multicast and the reserved top.
    private static let closedIPv4 = [
        Block([0], 8), Block([10], 8), Block([100, 64], 10), Block([127], 8), Block([169, 254], 16), Block([172, 16], 12),
        Block([192, 0, 0], 24), Block([192, 0, 2], 24), Block([192, 88, 99], 24), Block([192, 168], 16), Block([198, 18], 15),
        Block([198, 51, 100], 24), Block([203, 0, 113], 24), Block([224], 4), Block([240], 4),
    ]

    /// Prefixes that carry an IPv4 address, and the byte at which it starts: mapped, NAT64 (RFC 6052), 6to4.
    private static let carriersOfIPv4: [(Block, Int)] = [
        (Block([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff], 96), 12), (Block([0x00, 0x64, 0xff, 0x9b], 96), 12),
        (Block([0x20, 0x02], 16), 2),
    ]

    /// Only 2000::/3 is given out as global unicast, which leaves out ::, ::1, fc00::/7, fe80::/10, fec0::/10 and ff00::/8.
    private static let global = Block([0x20], 3)

    /// Within it: the protocol assignments with Teredo and ORCHID, and the documentation prefixes.
    private static let closedIPv6 = [
        Block([0x20, 0x01, 0x00], 23), Block([0x20, 0x01, 0x0d, 0xb8], 32), Block([0x3f, 0xff, 0x00], 20),
    ]
}
