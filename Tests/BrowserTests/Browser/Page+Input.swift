import Foundation

/// What a person does: with the mouse, and with the keys.
extension Page {
    /// Clicks the middle of it, once it is there, enabled and covered by nothing.
    func click(_ css: String, _ text: String? = nil) async throws {
        let spot = Spot(css, text)
        let place = try await waitFor(
            """
            (() => {
              const one = \(spot.source);
              if (!one || one.disabled) return false;
              one.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
              const box = one.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
              const top = document.elementFromPoint(x, y);
              return top && (one.contains(top) || top.contains(one)) ? { x, y } : false;
            })()
            """, "\(spot) can be clicked")
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            try await call(
                "Input.dispatchMouseEvent",
                ["type": .text(kind), "x": place["x"], "y": place["y"], "button": kind == "mouseMoved" ? "none" : "left", "clickCount": 1])
        }
    }

    /// Clicks what leads to another page, and waits for that.
    func visit(_ css: String, _ text: String? = nil) async throws { try await follow { try await click(css, text) } }

    /// Puts the cursor into a field and types over what was there.
    func fill(_ css: String, _ text: String) async throws {
        try await click(css)
        try await evaluate("document.activeElement.select?.()")
        try await type(text)
    }

    /// Types into the field that has the focus.
    func type(_ text: String) async throws { try await call("Input.insertText", ["text": .text(text)]) }

    /// Chooses an option of a list, by its value.
    func choose(_ css: String, _ value: String) async throws {
        try await see(css)
        try await evaluate(
            """
            (() => { const one = document.querySelector(\(JSON.text(css).source)); one.value = \(JSON.text(value).source);
            for (const kind of ["input", "change"]) one.dispatchEvent(new Event(kind, { bubbles: true })); })()
            """)
    }

    /// Presses keys one after the other: `j`, `?`, `Enter`, `Tab`, `Shift+Tab`, `Control+Enter`.
    func press(_ keys: String...) async throws {
        for key in keys { try await press(one: key) }
    }

    private func press(one name: String) async throws {
        var parts = name.count > 1 ? name.split(separator: "+").map(String.init) : [name]
        let key = parts.popLast() ?? name
        let modifiers = parts.reduce(0) { $0 | (Self.modifiers[$1] ?? 0) }
        let known = Self.named[key]
        var values: [String: JSON] = [
            "key": .text(key), "code": .text(known?.code ?? "Key\(key.uppercased())"), "modifiers": .number(Double(modifiers)),
            "windowsVirtualKeyCode": .number(Double(known?.number ?? Int(key.uppercased().utf8.first ?? 0))),
        ]
        let text = known.map { $0.text } ?? key
        if !text.isEmpty, modifiers & 6 == 0 { values["text"] = .text(text) }
        values["type"] = values["text"] == nil ? "rawKeyDown" : "keyDown"
        try await call("Input.dispatchKeyEvent", .object(values))
        (values["type"], values["text"]) = ("keyUp", nil)
        try await call("Input.dispatchKeyEvent", .object(values))
    }

    /// Bits of `Input.dispatchKeyEvent`.
    private static let modifiers = ["Alt": 1, "Control": 2, "Meta": 4, "Shift": 8]
    private static let named: [String: (code: String, number: Int, text: String)] = [
        "Enter": ("Enter", 13, "\r"), "Tab": ("Tab", 9, ""), "Escape": ("Escape", 27, ""), "ArrowDown": ("ArrowDown", 40, ""),
        "ArrowUp": ("ArrowUp", 38, ""), " ": ("Space", 32, " "), "?": ("Slash", 191, "?"), "/": ("Slash", 191, "/"),
        "Backspace": ("Backspace", 8, ""), "Home": ("Home", 36, ""), "End": ("End", 35, ""),
    ]
}
