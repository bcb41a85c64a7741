// The console's own script: comfort and live updates. Everything but live updates works without it.
// Pages use `desk`: desk.keys, desk.toast, desk.send, desk.live.
"use strict";

const desk = (() => {
  const texts = document.getElementById("texts")?.dataset ?? {};
  const token = document.querySelector('meta[name="csrf"]')?.content ?? "";

  // ---- Toasts: what just happened, said once.
  const toastMilliseconds = 6000;

  function toast(text, kind = "good", link) {
    const box = document.getElementById("toasts");
    if (!box) return null;
    const item = document.createElement("div");
    item.className = "toast " + kind;
    item.append(text);
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = link.href;
      anchor.textContent = link.text;
      item.append(" ", anchor);
    }
    const close = document.createElement("button");
    close.type = "button";
    close.className = "plain";
    close.setAttribute("aria-label", texts.close ?? "");
    close.textContent = "×";
    close.addEventListener("click", () => item.remove());
    item.append(close);
    box.append(item);
    if (link) return item;
    setTimeout(() => item.remove(), toastMilliseconds);
    return item;
  }

  // ---- Sending: a form's fields to a page's address. Answers { ok, status, data, text }; data is JSON where the answer was.
  const sendMilliseconds = 30000;

  async function send(address, fields = {}, { method = "POST", accept = "application/json" } = {}) {
    const body = fields instanceof FormData ? new URLSearchParams(fields) : new URLSearchParams(Object.entries(fields));
    let answer;
    try {
      answer = await fetch(address, {
        method, credentials: "same-origin", redirect: "follow", signal: AbortSignal.timeout(sendMilliseconds),
        headers: { "Accept": accept, "X-CSRF-Token": token }, body: method === "GET" ? undefined : body,
      });
    } catch {
      toast(texts.failed ?? "", "bad");
      return { ok: false, status: 0, data: null, text: "" };
    }
    const text = await answer.text();
    let data = null;
    if ((answer.headers.get("Content-Type") ?? "").includes("json")) {
      try { data = JSON.parse(text); } catch { data = null; }
    }
    if (answer.status === 401) signedOut();
    return { ok: answer.ok, status: answer.status, data, text };
  }

  // The session is over: nothing that was typed is lost, and signing in leads back here. Said once, whoever found out.
  let signedOutToast = null;

  function signedOut() {
    if (signedOutToast?.isConnected) return;
    const here = encodeURIComponent(location.pathname + location.search);
    signedOutToast = toast(texts.signedOut ?? "", "bad", { href: "/sign-in?return=" + here, text: texts.signIn ?? "" });
    document.dispatchEvent(new CustomEvent("desk:signed-out"));
  }

  // ---- Live updates: server-sent events, connected again after a loss; a bar says when they do not come.
  const pauseMillisecondsMin = 1000, pauseMillisecondsMax = 30000, silentMilliseconds = 2500, hiddenMilliseconds = 60000;

  function live(address, handlers) {
    let source = null, pause = pauseMillisecondsMin, silence = null, retry = null, hidden = null, isOver = false, isResting = false;

    function told(isConnected) {
      clearTimeout(silence);
      document.documentElement.classList.toggle("connected", isConnected);
      const bar = document.getElementById("offline");
      if (isConnected) {
        if (bar) bar.hidden = true;
      } else {
        silence = setTimeout(() => { if (bar && !isOver) bar.hidden = false; }, silentMilliseconds);
      }
    }

    function connect() {
      clearTimeout(retry);
      if (isOver) return;
      source?.close();
      source = new EventSource(address);
      source.addEventListener("open", () => {
        pause = pauseMillisecondsMin;
        told(true);
        handlers.open?.();
      });
      for (const [name, handle] of Object.entries(handlers)) {
        if (name === "open") continue;
        source.addEventListener(name, (event) => {
          let data = event.data;
          try { data = JSON.parse(event.data); } catch { /* plain text is handed on as it is */ }
          handle(data, event);
        });
      }
      source.addEventListener("signed-out", signedOut);
      // Another window of this browser took the place: listen again when somebody looks here.
      source.addEventListener("elsewhere", () => rest());
      source.addEventListener("error", () => {
        const wasRefused = source.readyState === EventSource.CLOSED;
        told(false);
        source.close();
        if (wasRefused) askWhetherSignedOut();
        clearTimeout(retry);
        if (!isOver) retry = setTimeout(connect, pause * (0.75 + Math.random() / 2));
        pause = Math.min(pause * 2, pauseMillisecondsMax);
      });
    }

    // An event source does not tell why it was refused.
    async function askWhetherSignedOut() {
      try {
        const answer = await fetch("/account", { method: "HEAD", credentials: "same-origin", redirect: "manual", headers: { "Accept": "application/json" } });
        if (answer.status === 401) signedOut();
      } catch { /* not reachable: connecting goes on */ }
    }

    // Browsers open few connections to one host: a window that nobody sees for a while gives its own back.
    function rest() {
      clearTimeout(retry);
      clearTimeout(silence);
      source?.close();
      isResting = true;
    }

    function seen() {
      clearTimeout(hidden);
      if (document.visibilityState === "hidden") hidden = setTimeout(rest, hiddenMilliseconds);
      else if (isResting) { isResting = false; connect(); }
    }

    document.addEventListener("visibilitychange", seen);
    addEventListener("focus", seen);
    addEventListener("online", () => { if (!isResting) connect(); });
    addEventListener("offline", () => told(false));
    addEventListener("pagehide", () => { isOver = true; source?.close(); });
    addEventListener("pageshow", (event) => { if (event.persisted) { isOver = false; connect(); } });
    document.addEventListener("desk:signed-out", () => { isOver = true; clearTimeout(retry); source?.close(); });
    connect();
    return { close() { isOver = true; clearTimeout(retry); source?.close(); told(true); } };
  }

  // ---- Keys: off while typing. `data-key="r"` on a link, button or field makes it one; desk.keys.on adds what is no element.
  const actions = new Map();

  function isTyping(target) {
    return target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"));
  }

  function on(key, text, run) { actions.set(key, { text, run }); }

  function press(element) {
    if (element.matches("input, textarea, select")) element.focus();
    else element.click();
  }

  addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest?.("form[data-ctrl-enter]");
      if (form) { event.preventDefault(); form.requestSubmit(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") { event.preventDefault(); showKeys(); return; }
    const action = actions.get(event.key);
    if (action) { event.preventDefault(); action.run(event); return; }
    const element = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key && one.offsetParent !== null);
    if (element) { event.preventDefault(); press(element); return; }
    if (event.key === "/" && texts.search) { event.preventDefault(); location.assign(texts.home + "#search"); }
  });

  function showKeys() {
    const sheet = document.getElementById("keys"), list = document.getElementById("keys-list");
    if (!sheet || !list || sheet.open) return;
    list.querySelectorAll("[data-made]").forEach((row) => row.remove());
    const rows = [...actions].map(([key, action]) => [key, action.text]);
    for (const one of document.querySelectorAll("[data-key]")) {
      if (one.offsetParent !== null) rows.push([one.dataset.key, one.dataset.keyText ?? one.textContent.trim()]);
    }
    if (texts.search) rows.push(["/", texts.search]);
    for (const form of document.querySelectorAll("form[data-ctrl-enter]")) rows.push(["Ctrl+Enter", form.dataset.ctrlEnter]);
    const seen = new Set();
    for (const [key, text] of rows) {
      if (seen.has(key) || !text) continue;
      seen.add(key);
      const row = document.createElement("div"), name = document.createElement("dt"), about = document.createElement("dd");
      row.dataset.made = "";
      const cap = document.createElement("kbd");
      cap.textContent = key;
      name.append(cap);
      about.textContent = text;
      row.append(name, about);
      list.append(row);
    }
    sheet.showModal();
  }

  // ---- Small comforts.
  document.documentElement.classList.add("scripted");
  for (const avatar of document.querySelectorAll(".avatar")) {
    avatar.textContent = (avatar.parentElement?.textContent ?? "").trim().charAt(0).toUpperCase();
  }
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-opens]");
    if (opener?.dataset.opens === "keys") showKeys();
    else if (opener) document.getElementById(opener.dataset.opens)?.showModal?.();
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
  // A form is sent once, however often its button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog" || event.defaultPrevented) return;
    if (form.getAttribute("aria-busy") === "true") { event.preventDefault(); return; }
    form.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy]").forEach((form) => form.removeAttribute("aria-busy")));

  return { toast, send, live, signedOut, keys: { on, show: showKeys }, csrf: token };
})();
