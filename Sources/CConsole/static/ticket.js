// The script of one ticket's page: parts that follow by themselves. What is written is in `ticket-write.js`, who is there, the call and the keys in
// `ticket-here.js`; they use `ticketPage`. Every form works without them.
"use strict";

const ticketPage = (() => {
  const root = document.getElementById("ticket");
  if (!root) return null;
  const data = root.dataset;
  // Told of the version after each look at the parts; told when a part was put in place.
  const listeners = [], placed = new Map();

  // What the page does by itself fails quietly: the bar of the live updates says that nothing comes.
  async function ask(address, fields, accept = "application/json") {
    const isForm = fields !== null;
    try {
      const answer = await fetch(address, {
        method: isForm ? "POST" : "GET", credentials: "same-origin", body: isForm ? new URLSearchParams(fields) : undefined,
        headers: { "Accept": accept, "X-CSRF-Token": desk.csrf }, signal: AbortSignal.timeout(15000),
      });
      const isSignIn = answer.redirected && new URL(answer.url).pathname === "/sign-in";
      if (answer.status === 401 || isSignIn) { desk.signedOut(); return { ok: false, text: "", data: null }; }
      const text = await answer.text();
      const isJSON = (answer.headers.get("Content-Type") ?? "").includes("json");
      return { ok: answer.ok, text, data: isJSON ? JSON.parse(text) : null };
    } catch {
      return { ok: false, text: "", data: null };
    }
  }

  // ---- Parts of the page follow what happens: fetched anew, put in place where they differ; what somebody is at waits.
  const live = ["part-head", "part-talk", "part-call", "part-presence", "part-meters", "part-properties", "part-acts", "part-customer", "part-ledger"];
  const shown = new Map(), waiting = new Map();
  let isReading = false, isDue = false;
  // What was added since is marked as new: since the page was loaded, or since its agent last sent something.
  let looked = Number(data.version), version = looked;

  async function refresh() {
    if (isReading) { isDue = true; return; }
    isReading = true;
    const address = data.parts + location.search + (location.search ? "&" : "?") + "seen=" + looked;
    const answer = await ask(address, null, "text/html");
    isReading = false;
    if (answer.ok) take(new DOMParser().parseFromString(answer.text, "text/html"));
    if (isDue) { isDue = false; refresh(); }
  }

  function take(page) {
    const parts = page.getElementById("ticket-parts");
    if (!parts) return;
    for (const id of live) {
      const fresh = page.getElementById(id);
      if (fresh) place(id, fresh.innerHTML);
    }
    version = Number(parts.dataset.version);
    listeners.forEach((heard) => heard(version));
  }

  // True when swapping it would take away the focus, an opened box or something typed.
  function isBusy(part) {
    if (part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea, summary")) return true;
    if (part.querySelector("details[open]")) return true;
    const chosen = getSelection();
    if (chosen && !chosen.isCollapsed && part.contains(chosen.anchorNode)) return true;
    return [...part.querySelectorAll("input, select, textarea")].some((field) => field.matches("select")
      ? [...field.options].some((option) => option.selected !== option.defaultSelected && option.defaultSelected)
      : field.value !== field.defaultValue);
  }

  // Forms have a new key and token each time they are written: that alone is no difference.
  const plain = (html) => html.replaceAll(/name="(key|csrf)" value="[^"]*"/g, "");

  function place(id, html) {
    const part = document.getElementById(id);
    if (!part || shown.get(id) === plain(html) || (!shown.has(id) && plain(part.innerHTML) === plain(html))) { waiting.delete(id); return; }
    if (isBusy(part)) { waiting.set(id, html); return; }
    waiting.delete(id);
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    const mark = focused && (focused.id || focused.getAttribute("href"));
    const atEnd = isNearEnd();
    part.innerHTML = html;
    shown.set(id, plain(html));
    if (mark) [...part.querySelectorAll("[id], [href]")].find((one) => one.id === mark || one.getAttribute("href") === mark)?.focus({ preventScroll: true });
    if (id === "part-talk" && atEnd) document.getElementById("composer")?.scrollIntoView({ block: "nearest" });
    placed.get(id)?.();
  }

  function isNearEnd() {
    const end = document.getElementById("talk-end");
    return end ? Math.abs(end.getBoundingClientRect().bottom - innerHeight) < 400 : false;
  }

  document.addEventListener("focusout", () => setTimeout(() => { for (const [id, html] of [...waiting]) place(id, html); }, 0));

  desk.live(data.live, { changed: () => refresh() });
  const refreshMilliseconds = 60000;
  setInterval(() => { if (document.visibilityState === "visible") refresh(); }, refreshMilliseconds);

  return {
    data, ask, refresh, place,
    onParts(heard) { listeners.push(heard); },
    onPlaced(id, heard) { placed.set(id, heard); },
    // What is shown now has been seen: it is new no longer.
    caughtUp() { looked = version; },
  };
})();
