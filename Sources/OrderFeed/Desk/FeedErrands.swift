import Domain
import Store

/// Does what people asked for on the feed's page. Each may be done twice without harm: whoever held the lease may have died before it answered.
struct FeedErrands: Sendable {
    let desk: FeedDesk
    let shop: Shop

    /// Throws for faults of the database only; what the shop does wrong is an answer.
    func run(_ errand: FeedErrand) async throws -> FeedAnswer {
        do {
            switch errand {
            case .test: return FeedErrands.answer(try await desk.testConnection(shop))
            case .importOrder(let order): return try await importOrder(order)
            case .replay(let reject): return try await replay(reject)
            }
        } catch let failure as FeedFailure {
            return FeedErrands.failed(failure.sentence, failure.slug)
        }
    }

    private static func failed(_ sentence: String, _ code: String) -> FeedAnswer {
        FeedAnswer(.failed, isGood: false, steps: [FeedAnswer.Step(outcome: ConnectionReport.Outcome.bad.rawValue, sentence: sentence, code: code)])
    }

    private static func answer(_ report: ConnectionReport) -> FeedAnswer {
        FeedAnswer(
            .tested, isGood: report.isGood, steps: report.steps.map { FeedAnswer.Step(outcome: $0.outcome.rawValue, sentence: $0.sentence, code: $0.code) })
    }

    private func importOrder(_ order: OrderID) async throws -> FeedAnswer {
        guard shop.feedKind == .rest else {
            return FeedErrands.failed("A relay cannot be asked for one order: what it recorded comes with a pass.", "relay-no-single")
        }
        switch try await desk.readOrder(order, shop) {
        case .takenIn: return FeedAnswer(.imported, isGood: true)
        case .noSuchOrder: return FeedAnswer(.noSuchOrder, isGood: false)
        case .rejected(let reason): return FeedErrands.failed("The order was read and not understood (\(reason)); it is kept with the rejects.", "order-not-understood")
        }
    }

    private func replay(_ reject: RejectID?) async throws -> FeedAnswer {
        guard let reject else {
            let figures = try await desk.replayAll(shop)
            return FeedAnswer(.replayed, isGood: figures.rejected == 0, tried: Int(figures.seen), stayed: Int(figures.rejected))
        }
        switch try await desk.replay(reject, shop) {
        case nil: return FeedAnswer(.noSuchReject, isGood: false)
        case .takenIn?: return FeedAnswer(.replayed, isGood: true, tried: 1)
        case .stillRejected(let reason)?:
            let step = FeedAnswer.Step(outcome: ConnectionReport.Outcome.bad.rawValue, sentence: reason, code: "rejected")
            return FeedAnswer(.replayed, isGood: false, steps: [step], tried: 1, stayed: 1)
        }
    }
}
