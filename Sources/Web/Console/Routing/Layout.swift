import Domain

/// What stands around every page: name, shop, navigation, language, sign-out.
enum Layout {
    /// The navigation. An entry shows when its page exists and the visitor may see it.
    private static let entries: [(path: String, text: String, permission: Permission)] = [
        ("/tickets", "nav.tickets", .read), ("/reports", "nav.reports", .report), ("/feed", "nav.feed", .workQueue),
        ("/plans", "nav.plans", .manageShop), ("/users", "nav.users", .manageAccess), ("/tokens", "nav.tokens", .manageAccess),
        ("/reasons", "nav.reasons", .manageReasons), ("/audit", "nav.audit", .seeAudit),
    ]

    private static let existing = Set(PageRoutes.all.filter { $0.method == .get }.map(\.path.description))

    /// What every template has, also one without a layout.
    static func base(_ call: PageCall) -> PageData {
        let addresses = call.console.files.addresses
        var data: PageData = [
            "t": .texts(TextNode(localizer: call.localizer)), "lang": .text(call.localizer.language.rawValue), "csrf": .text(call.formToken),
            "icon": .text(addresses["icon.svg"] ?? ""),
        ]
        // The files of `static`, those of one page for its `{{$head}}`: `list.js` is `{{list_js}}`.
        for (name, address) in addresses { data[name.replacing(".", with: "_").replacing("-", with: "_")] = .text(address) }
        return data
    }

    static func values(_ call: PageCall, title: String, flash: Flash?) -> PageData {
        var values = base(call)
        values["title"] = .text(title)
        values["home"] = .text(Console.home)
        values["return"] = .text(call.route.method == .get ? LocalPath.checked(call.target) ?? Console.home : Console.home)
        values["languages"] = .list(
            Language.allCases.map { language in
                ["code": .text(language.rawValue), "name": .text(language.ownName), "current": .flag(language == call.localizer.language)]
            })
        if let flash {
            values["flash"] = ["text": .text(flash.text), "done": .flag(flash.kind == .done)]
        }
        if let visitor = call.visitor {
            values["visitor"] = [
                "name": .text(visitor.staff.name), "email": .text(visitor.staff.email), "role": .text(call.localizer.role(visitor.staff.role)),
                "shop": .text(visitor.shop.name),
            ]
            values["nav"] = .list(navigation(call, visitor))
        }
        return values
    }

    private static func navigation(_ call: PageCall, _ visitor: Visitor) -> [PageData] {
        entries.filter { existing.contains($0.path) && visitor.may($0.permission) }.map { entry in
            let isHere = call.target == entry.path || call.target.hasPrefix(entry.path + "/") || call.target.hasPrefix(entry.path + "?")
            return ["path": .text(entry.path), "text": .text(call.text(entry.text)), "here": .flag(isHere)]
        }
    }
}
