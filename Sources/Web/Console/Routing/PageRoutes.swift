/// Every page there is. An address that is written out stands before one with a place in the same spot.
enum PageRoutes {
    static let all: [PageRoute] = TicketListPages.all + SignInPages.all + AccountPages.all + UserPages.all
        + TokenPages.all + ReasonPages.all + AuditPages.all + FeedPages.all + PlanPages.all + ReportPages.all + MonthPages.all + TicketPages.all
}
