import Domain
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Store

/// One request of a browser on its way to its page.
struct PageCall: Sendable {
    let request: Request
    let route: PageRoute
    let services: WebServices
    /// What stood in the places of the address.
    let places: [Substring]
    /// Path and query as they were asked for.
    let target: String
    let query: Form
    /// The caller's address on the network, for the slow-down of sign-in.
    let address: String
    let requestID: String
    var form = Form.none
    var visitor: Visitor?
    var localizer: Localizer
    /// The cookie that the form token of somebody who is not signed in belongs to.
    let guest: String
    let isNewGuest: Bool

    var store: Store { services.store }
    var console: Console { services.console }

    init(_ request: Request, _ route: PageRoute, _ services: WebServices, places: [Substring], query: Substring?, address: String, requestID: String) {
        self.request = request
        self.route = route
        self.services = services
        self.places = places
        self.address = address
        self.requestID = requestID
        target = request.head.path ?? "/"
        self.query = query.flatMap { Form($0) } ?? .none
        let known = ConsoleCookie.guest.read(request.headers, services.console.site)
        guest = known ?? SessionCookie.random()
        isNewGuest = known == nil
        let chosen = ConsoleCookie.language.read(request.headers, services.console.site).flatMap(Language.init(rawValue:))
        let language = chosen ?? Language.preferred(request.headers[.acceptLanguage]) ?? .en
        localizer = services.console.localizer(language, zone: .utc, now: services.store.clock())
    }

    /// From now on the page is for somebody: their language, their shop's clock.
    mutating func welcome(_ visitor: Visitor) {
        self.visitor = visitor
        let language = Language(rawValue: visitor.staff.language) ?? localizer.language
        localizer = console.localizer(language, zone: visitor.shop.zone, now: store.clock())
    }

    /// The text of a key in the page's language; plain, to be escaped by the template.
    func text(_ key: String, _ arguments: [String: any TextArgument] = [:]) -> String { localizer.text(key, arguments) }

    /// What the forms of this page must bring back.
    var formToken: String { FormToken.make(visitor?.cookie.value ?? guest) }

    /// What the browser says it is.
    var browser: String { request.headers[.userAgent] ?? "" }

    /// True for our scripts, which want a problem instead of a page.
    var wantsJSON: Bool { PageCall.wantsJSON(request) }

    static func wantsJSON(_ request: Request) -> Bool {
        let accept = request.headers[.accept] ?? ""
        return accept.contains("application/json") && !accept.contains("text/html")
    }

    /// The id in a place of the address. Anything but a number is an id that nothing has.
    func id<ID: Identifier>(_ place: Int = 0, _ type: ID.Type = ID.self) throws -> ID {
        guard let number = WholeText.number(places[place]), number > 0 else { throw notFound }
        return ID(number)
    }

    /// Whatever the address names is not there, or is another shop's.
    var notFound: Refusal { .unknown(what: "page", name: String(target.prefix { $0 != "?" })) }

    /// Where a list of this name goes on: the `after` of the query.
    func cursor(_ list: String) throws -> Int64? {
        guard let text = query.given("after") else { return nil }
        guard let number = Cursor.number(list, text) else { throw Refusal.invalidField(field: "after", expected: "the next page's address") }
        return number
    }
}
