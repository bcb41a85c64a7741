import HTTPTypes

/// What browsers are told about every answer.
enum SecurityHeaders {
    private static let secondsOfTLS = 365 * 86_400
    private static let secondsOfAssets = 365 * 86_400

    static func of(_ policy: Reply.Policy, _ site: Site) -> [(name: HTTPField.Name, value: String)] {
        var headers: [(name: HTTPField.Name, value: String)] = [(.contentTypeOptions, "nosniff")]
        switch policy {
        case .api:
            headers.append((.cacheControl, "no-store"))
            headers.append((.contentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'"))
        case .page:
            headers.append((.cacheControl, "no-store"))
            headers.append((.contentSecurityPolicy, pagePolicy))
            headers.append((.referrerPolicy, "same-origin"))
            headers.append((.frameOptions, "DENY"))
        case .asset:
            headers.append((.cacheControl, "public, max-age=\(secondsOfAssets), immutable"))
            headers.append((.contentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'"))
        }
        if site.isSecure, policy != .api { headers.append((.strictTransportSecurity, "max-age=\(secondsOfTLS)")) }
        return headers
    }

    /// Nothing inline, nothing from elsewhere.
    private static let pagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'"
}
