import OrderFeed

extension FeedFailure {
    /// 1 when our own settings are wrong, else 69: what is needed of the shop cannot be had.
    var asUnreachable: CommandFailure {
        switch kind {
        case .badAddress, .caFileUnusable, .missingKeys, .noWebhookSecret: .no(sentence)
        default: .unreachable(sentence)
        }
    }

    /// 69 when the shop was not reached at all, else 1: it answered, and the answer is no.
    var asTested: CommandFailure {
        switch kind {
        case .unknownHost, .connectionRefused, .unreachable, .connectTimeout, .tlsFailed, .notHTTP, .emptyReply, .truncated, .tooSlow,
            .maintenance, .serverError, .rateLimited:
            .unreachable(sentence)
        default: .no(sentence)
        }
    }
}
