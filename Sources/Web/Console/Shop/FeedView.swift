import Domain
import FoundationEssentials
import Store

/// How a feed is doing, for people.
struct FeedView: Sendable {
    /// Characters of a raw document that are shown.
    static let rawMax = 20_000

    let call: PageCall
    let shop: Shop
    let status: FeedStatus

    private var state: FeedState? { status.state }

    /// Something was asked for and has not been done yet.
    var isWaiting: Bool { state.map { $0.isPassRequested || $0.isSweepRequested } ?? false }

    var data: PageData {
        var data: PageData = [
            "state": .text(stateWord), "is_good": .flag(isGood), "is_away": .flag(state?.awaySince != nil), "facts": .list(facts),
            "last_figures": figures(state?.figures), "total_figures": figures(state?.totals), "was_read": .flag(state?.passEndedAt != nil),
            "flagged": .list(status.flagged.map(flagged)), "any_flagged": .flag(!status.flagged.isEmpty), "is_rest": .flag(status.kind == .rest),
            "reject_count": .text(call.text("feed.reject_count", ["count": status.openRejects])),
        ]
        if let error = state?.passError {
            data["error"] = .data(explained(state?.passErrorKind, error))
        }
        return data
    }

    /// `words`, and `exact` where the exact words are others.
    private func explained(_ slug: String?, _ exact: String) -> PageData {
        let (text, exact) = FeedWords.explained(slug, exact, call.localizer)
        var data: PageData = ["words": .text(text)]
        data.set("exact", exact)
        return data
    }

    private var isGood: Bool { state?.importedAt != nil && state?.passError == nil }

    private var stateWord: String {
        guard let state, state.passEndedAt != nil else { return call.text("feed.state_not_yet") }
        if let away = state.awaySince { return call.text("feed.state_away", ["time": when(away)]) }
        return call.text("feed.state_good")
    }

    private func when(_ instant: Date) -> String { call.localizer.dayAndTime(instant) }

    private var facts: [PageData] {
        let never = call.text("feed.never")
        let lastPass: String? = state?.passEndedAt.map { "\(when($0)) (\(call.localizer.ago($0)))" }
        let lag: String? = status.lagSeconds.map { call.localizer.wait(seconds: Int($0.rounded())) }
        let failures = state?.failures ?? 0
        var facts = [fact("feed.last_pass", lastPass ?? never), fact("feed.next_pass", state?.nextPassAt.map(when))]
        facts += [fact("feed.retry_after", state?.retryAfter.map(when)), fact("feed.lag", lag)]
        facts += [fact("feed.failures", failures > 0 ? count(failures) : nil), fact("feed.sweep", sweep)]
        facts += [fact("feed.orders", count(status.orders)), fact("feed.not_usable", count(status.notUsableYet))]
        facts += [fact("feed.waiting", count(status.waitingHints + status.waitingDeliveries))]
        return facts.compactMap { $0 }
    }

    private func fact(_ key: String, _ value: String?) -> PageData? {
        value.map { ["fact": .text(call.text(key)), "value": .text($0)] }
    }

    private func count(_ number: Int) -> String { call.localizer.number(number) }

    private var sweep: String {
        if let state, state.sweepAfter != nil { return call.text("feed.sweep_running") }
        return state?.sweepEndedAt.map(when) ?? call.text("feed.never")
    }

    private func figures(_ figures: IntakeFigures?) -> PageValue {
        let figures = figures ?? IntakeFigures()
        return [
            "seen": .text(count(figures.seen)), "changed": .text(count(figures.changed)), "ignored": .text(count(figures.ignored)),
            "rejected": .text(count(figures.rejected)),
        ]
    }

    private func flagged(_ order: FeedStatus.FlaggedOrder) -> PageData {
        [
            "flagged_order": .text(order.number), "flagged_status": .text(order.status),
            "flags": .list(order.flags.map { flag in ["flag": .text(flagWord(flag))] }),
        ]
    }

    private func flagWord(_ flag: String) -> String {
        let key = flag.replacing("-", with: "_")
        return TextFamilies.flags.contains(key) ? call.localizer.text(family: "flag", key) : flag
    }

    func reject(_ reject: Reject) -> PageData {
        var data: PageData = [
            "reject": .text(reject.id.description), "words": .text(RejectReason(reject.reason).text(call.localizer)), "reason": .text(reject.reason), "raw": .text(String(reject.raw.prefix(FeedView.rawMax))),
            "last": .text(when(reject.lastAt)), "times": .text(call.text("feed.times", ["count": reject.times])),
        ]
        data.set("reject_order", reject.order.map { "#\($0)" })
        data.set("topic", reject.topic)
        return data
    }
}

/// Something that was asked of the feed, and what came of it.
struct FeedRequestView: Sendable {
    let call: PageCall

    func data(_ request: FeedRequest) -> PageData {
        var data: PageData = [
            "what": .text(what(request.errand)), "asked_by": .text(request.askedBy), "asked_at": .text(call.localizer.ago(request.askedAt)),
            "is_answered": .flag(request.answer != nil),
        ]
        guard let answer = request.answer else { return data }
        data["answer_good"] = .flag(answer.isGood)
        data["outcome"] = .text(outcome(answer))
        data["steps"] = .list(
            answer.steps.map { step in
                let (text, exact) = FeedWords.explained(step.code, step.sentence, call.localizer)
                var data: PageData = ["step_good": .flag(step.outcome == "good"), "step_warning": .flag(step.outcome == "warning"), "words": .text(text)]
                data.set("exact", exact)
                return data
            })
        data["has_steps"] = .flag(!answer.steps.isEmpty)
        return data
    }

    private func what(_ errand: FeedErrand) -> String {
        switch errand {
        case .test: call.text("feed.what_test")
        case .importOrder(let order): call.text("feed.what_import", ["number": order.description])
        case .replay(nil): call.text("feed.what_replay_all")
        case .replay(.some(let reject)): call.text("feed.what_replay", ["number": reject.description])
        }
    }

    private func outcome(_ answer: FeedAnswer) -> String {
        switch answer.outcome {
        case .tested: answer.isGood ? call.text("feed.test_good") : call.text("feed.test_bad")
        case .imported: call.text("feed.imported")
        case .noSuchOrder: call.text("feed.no_such_order")
        case .replayed: call.text("feed.replayed", ["tried": answer.tried, "stayed": answer.stayed])
        case .noSuchReject: call.text("feed.no_such_reject")
        case .failed: call.text("feed.failed")
        }
    }
}
