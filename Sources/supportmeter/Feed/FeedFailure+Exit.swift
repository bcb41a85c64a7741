import OrderFeed

extension FeedFailure {
    /// 1 when our own settings are wrong, else 69: what is needed of the shop cannot be had.
    var asUnreachable: CommandFailure {
        switch kind {
        case .badAddress, .caFileUnusable, .missingKeys, .noWebhookSecret: .no(sentence)
        default: .unreachable(sentence)
        }
    }
}
