import Domain
import HTTPTypes
import Store

/// Starting and stopping a video call. Its meter warns and never cuts.
enum CallPages {
    static let all: [PageRoute] = [
        .post("/tickets/{number}/calls", may: .spend, start),
        .post("/tickets/{number}/calls/{call}/stop", may: .spend, stop),
    ]

    private static func start(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let number = try call.id(0, TicketID.self)
        let outcome = try await call.store.startCall(on: number, in: visitor.shop.id, key: try call.formKey(), by: visitor.staff)
        return try await finish(call, visitor, number, outcome, done: "call.started")
    }

    /// `minutes` corrects the meter downwards, for a call that somebody forgot to stop.
    private static func stop(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let number = try call.id(0, TicketID.self)
        let id = try call.id(1, CallID.self)
        guard let running = try await call.store.call(id, in: visitor.shop.id), running.ticket == number else { throw call.notFound }
        var seconds: Int?
        if let text = call.form.given("minutes") {
            guard let minutes = WholeText.number(text), minutes <= Int64(Store.callSecondsMax / 60) else {
                return try await call.again(.call, visitor, .invalidField(field: "seconds", expected: "what the meter shows, or less"))
            }
            seconds = Int(minutes) * 60
        }
        let outcome = try await call.store.stopCall(id, seconds: seconds, in: visitor.shop.id, key: try call.formKey(), by: visitor.staff)
        return try await finish(call, visitor, number, outcome, done: "call.stopped")
    }

    private static func finish(
        _ call: PageCall, _ visitor: Visitor, _ number: TicketID, _ outcome: CallOutcome, done: String
    ) async throws -> Reply {
        switch outcome {
        case .done(let ended, _) where ended.uncovered > 0:
            return call.done(number, call.text("call.uncovered", ["credits": call.localizer.credits(ended.uncovered, ended.channel)]))
        case .done: return call.done(number, call.text(done))
        case .busy: return call.done(number, call.text("call.busy"))
        case .refused(let refusal, let ways): return try await call.again(.call, visitor, refusal, ways)
        }
    }
}
