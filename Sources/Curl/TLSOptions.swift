/// Whom a client trusts and where it may connect. Certificates are always verified, TLS is 1.2 or newer.
public struct TLSOptions: Sendable {
    /// A PEM file with the certificates of the authorities to trust instead of the system's; nil trusts the system's.
    public var caFile: String?

    /// Refuses to connect to private, loopback, link-local, multicast and reserved addresses, with `.addressRefused`. Decided on
    /// the address of each socket about to be opened, redirects included, so that no name and no second look-up helps.
    public var refusePrivateAddresses: Bool

    /// A rule in place of `IPAddress.isPublic`, so that tests can tell apart addresses that are all loopback.
    package var isAddressAllowed: (@Sendable (IPAddress) -> Bool)?

    public init(caFile: String? = nil, refusePrivateAddresses: Bool = false) {
        self.caFile = caFile
        self.refusePrivateAddresses = refusePrivateAddresses
    }

    func allows(_ address: IPAddress) -> Bool {
        if let isAddressAllowed { return isAddressAllowed(address) }
        return !refusePrivateAddresses || address.isPublic
    }
}
