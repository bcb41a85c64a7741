/// Every route there is. An address that is written out stands before one with a place in the same spot.
enum Routes {
    static let all: [Route] =
        UsageRoutes.all + HoldRoutes.all + CorrectionRoutes.all + TicketRoutes.all + CustomerRoutes.all + ShopRoutes.all + HookRoutes.all + ReportRoutes.all + JournalRoutes.all + PushRoutes.all
        + HealthRoutes.all
}
