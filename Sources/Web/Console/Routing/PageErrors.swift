import Domain
import HTTPTypes
import Hummingbird
import Store

/// What a page says when it cannot be shown: what happened, and what to do about it. Scripts get the problem itself.
enum PageErrors {
    static func reply(_ error: any Error, _ call: PageCall) -> Reply {
        if let refusal = error as? Refusal {
            if call.wantsJSON { return .answer(.refused(refusal)) }
            let isPage = if case .unknown(what: "page", _) = refusal { true } else { false }
            return page(call, status: refusal.status, kind: String(refusal.status), detail: isPage ? nil : call.localizer.text(refusal))
        }
        var logger = call.services.logger
        logger[metadataKey: "request"] = .string(call.requestID)
        let problem = (error as? Problem) ?? Faults.problem(telling: error, call.store, logger)
        return reply(problem, call)
    }

    static func reply(_ problem: Problem, _ call: PageCall) -> Reply {
        if call.wantsJSON { return .problem(problem) }
        let kind = [foreign.type: "foreign", stale.type: "stale"][problem.type] ?? String(problem.status)
        var detail: String?
        if let seconds = problem.retryAfterSeconds, problem.status == 429 {
            detail = call.text("sign_in.wait", ["time": call.localizer.wait(seconds: seconds)])
        }
        var reply = page(call, status: problem.status, kind: kind, detail: detail)
        if let seconds = problem.retryAfterSeconds { reply.headers.append((.retryAfter, String(seconds))) }
        if !problem.allowed.isEmpty { reply.headers.append((.allow, problem.allowed.joined(separator: ", "))) }
        return reply
    }

    private static func page(_ call: PageCall, status: Int, kind: String, detail: String?) -> Reply {
        let kind = TextFamilies.errors.contains(kind) ? kind : "other"
        var data: PageData = ["heading": .text(call.localizer.text(family: "error_title", kind))]
        data["hint"] = .text(call.localizer.text(family: "error_hint", kind))
        data.set("detail", detail)
        if status >= 500 { data.set("request", call.requestID) }
        data["again"] = .flag(call.route.method == .get && status != 404 && status != 403)
        data["signed_in"] = .flag(call.visitor != nil)
        do {
            return try call.page("error", title: "error_title." + kind, status: status, data)
        } catch {
            return Reply(status: status, content: .text, body: .text(call.localizer.text(family: "error_title", kind)), policy: .page)
        }
    }

    /// Another site's page sent the form.
    static let foreign = Problem(
        type: "foreign-request", title: "Foreign request", status: 403, detail: "the request came from another site's page")
    /// The form is without its token, or with one of an earlier session.
    static let stale = Problem(
        type: "stale-form", title: "Stale form", status: 403, detail: "the form's token is missing or of an earlier session; load the page again")
    static let signedOut = Problem(
        type: "signed-out", title: "Signed out", status: 401, detail: "the session is over; sign in again")
}
