// The script of one ticket's page: parts that follow by themselves, drafts, what a text costs, who is there, the running call.
// Every form works without it.
"use strict";

// How long a text is as an SMS, in segments: GSM 03.38 / 3GPP TS 23.038, 6.2.1, the same rule as Domain's SMSLength.
const smsLength = (() => {
  const basic = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
  const extended = new Set("\f^{}\\[~]|€");
  return (text) => {
    const letters = [...text];
    const isGSM = letters.every((one) => basic.has(one) || extended.has(one));
    const sizes = letters.map((one) => (isGSM ? (extended.has(one) ? 2 : 1) : one.length));
    const used = sizes.reduce((sum, size) => sum + size, 0);
    const alone = isGSM ? 160 : 70, joined = isGSM ? 153 : 67;
    if (used <= alone) return { segments: 1, used, left: alone - used };
    let full = 0, last = 0;
    for (const size of sizes) {
      if (last + size > joined) { full += 1; last = 0; }
      last += size;
    }
    return { segments: full + 1, used, left: joined - last };
  };
})();

(() => {
  const root = document.getElementById("ticket");
  if (!root) return;
  const data = root.dataset;
  const composers = [...document.querySelectorAll("form[data-composer]")];
  const box = (form) => form.querySelector("textarea");
  const isEmpty = () => composers.every((form) => box(form).value.trim() === "");

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
  const live = ["part-head", "part-talk", "part-call", "part-presence", "part-meters", "part-properties", "part-customer", "part-ledger"];
  const shown = new Map(), waiting = new Map();
  let isReading = false, isDue = false;

  async function refresh() {
    if (isReading) { isDue = true; return; }
    isReading = true;
    const address = data.parts + location.search + (location.search ? "&" : "?") + "seen=" + data.version;
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
    const version = Number(parts.dataset.version);
    if (version > Number(data.version)) news(version);
    recount();
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
    if (!part || shown.get(id) === plain(html) || (!shown.has(id) && plain(part.innerHTML) === plain(html))) return;
    if (isBusy(part)) { waiting.set(id, html); return; }
    waiting.delete(id);
    const focused = part.contains(document.activeElement) ? document.activeElement : null;
    const mark = focused && (focused.id || focused.getAttribute("href"));
    const atEnd = isNearEnd();
    part.innerHTML = html;
    shown.set(id, plain(html));
    if (mark) [...part.querySelectorAll("[id], [href]")].find((one) => one.id === mark || one.getAttribute("href") === mark)?.focus({ preventScroll: true });
    if (id === "part-talk" && atEnd) document.getElementById("composer")?.scrollIntoView({ block: "nearest" });
    if (id === "part-call") clock();
  }

  function isNearEnd() {
    const end = document.getElementById("talk-end");
    return end ? Math.abs(end.getBoundingClientRect().bottom - innerHeight) < 400 : false;
  }

  document.addEventListener("focusout", () => setTimeout(() => { for (const [id, html] of [...waiting]) place(id, html); }, 0));

  // Whoever writes has not seen what is new until they look: sending stops once, and the bar says why.
  function news(version) {
    if (isEmpty()) return seen(version);
    const bar = document.getElementById("write-news");
    if (bar && document.querySelector("#part-talk .fresh")) { bar.textContent = data.new; bar.hidden = false; }
  }

  function seen(version) {
    data.version = version;
    for (const form of composers) if (form.elements.seen) form.elements.seen.value = version;
    const bar = document.getElementById("write-news");
    if (bar) bar.hidden = true;
  }

  desk.live(data.live, { changed: () => refresh() });
  const refreshMilliseconds = 60000;
  setInterval(() => { if (document.visibilityState === "visible") refresh(); }, refreshMilliseconds);

  // ---- Drafts: kept as they are typed; where the session is over, in this window, until somebody signs in again.
  const draftMilliseconds = 800, leftMillisecondsMax = 30000, lostMillisecondsMax = 12 * 3600000;
  const pending = new Map(), saving = new Map();
  const store = (channel) => "draft " + data.user + " " + data.number + " " + channel;

  function fields(form) {
    return { channel: form.elements.channel.value, text: box(form).value, subject: form.elements.subject?.value ?? "" };
  }

  function keep(form) {
    clearTimeout(pending.get(form));
    pending.delete(form);
    const done = (saving.get(form) ?? Promise.resolve()).then(() => save(form));
    saving.set(form, done);
    return done;
  }

  async function save(form) {
    const kept = fields(form);
    const answer = await ask(data.drafts, kept);
    const state = form.querySelector("[data-draft-state]");
    if (answer.ok) sessionStorage.removeItem(store(kept.channel));
    else hold(kept, lostMillisecondsMax);
    if (state) state.textContent = answer.ok && kept.text ? data.kept : "";
  }

  // In this window only, and for so long only: what is old was sent or thrown away elsewhere.
  function hold(kept, milliseconds) {
    sessionStorage.setItem(store(kept.channel), JSON.stringify({ ...kept, until: Date.now() + milliseconds }));
  }

  function later(form) {
    clearTimeout(pending.get(form));
    pending.set(form, setTimeout(() => keep(form), draftMilliseconds));
  }

  function restore() {
    for (const form of composers) {
      const channel = form.elements.channel.value;
      let kept = null;
      try { kept = JSON.parse(sessionStorage.getItem(store(channel)) ?? "null"); } catch { kept = null; }
      sessionStorage.removeItem(store(channel));
      if (!kept?.text || kept.until < Date.now() || kept.text === box(form).value) continue;
      box(form).value = kept.text;
      if (form.elements.subject) form.elements.subject.value = kept.subject ?? "";
      form.closest("details").open = true;
      desk.toast(data.restored);
      keep(form);
    }
  }

  // What is not kept yet goes with the page; the token stands in the body, because a beacon has no headers of ours.
  function flush() {
    for (const form of [...pending.keys()]) {
      clearTimeout(pending.get(form));
      pending.delete(form);
      hold(fields(form), leftMillisecondsMax);
      navigator.sendBeacon(data.drafts, new URLSearchParams({ ...fields(form), csrf: desk.csrf }));
    }
  }

  // ---- What it costs: counted here at once, and by the server when the typing pauses.
  const costMilliseconds = 350, asking = new Map();

  function count(form) {
    const place = form.querySelector("[data-sms-count]");
    if (!place) return;
    const length = smsLength(box(form).value.replaceAll("\r\n", "\n"));
    place.textContent = length.segments + " × SMS · " + length.used + " · +" + length.left;
    place.dataset.segments = length.segments;
  }

  async function price(form) {
    const place = form.querySelector("[data-cost]");
    if (!place) return;
    const text = box(form).value;
    const answer = await ask(data.preview, { channel: form.elements.channel.value, text });
    if (answer.ok && answer.data && box(form).value === text && !place.contains(document.activeElement)) {
      const fresh = new DOMParser().parseFromString(answer.data.html, "text/html");
      place.replaceChildren(...fresh.body.childNodes);
    }
  }

  function priceLater(form) {
    clearTimeout(asking.get(form));
    asking.set(form, setTimeout(() => price(form), costMilliseconds));
  }

  function recount() { for (const form of composers) if (form.closest("details").open) price(form); }

  // ---- Sending: the page stays, so that nothing that was typed is lost.
  async function send(form) {
    if (form.getAttribute("aria-busy") === "true") return;
    form.setAttribute("aria-busy", "true");
    clearTimeout(pending.get(form));
    pending.delete(form);
    await saving.get(form); // a draft on its way must not arrive behind the message that it became
    const answer = await desk.send(form.action, new FormData(form));
    form.removeAttribute("aria-busy");
    form.parentElement.querySelectorAll(":scope > .notice, :scope > .ways").forEach((old) => old.remove());
    if (answer.ok && answer.data) {
      box(form).value = "";
      if (form.elements.subject) form.elements.subject.value = "";
      form.elements.key.value = answer.data.key;
      sessionStorage.removeItem(store(form.elements.channel.value));
      form.querySelector("[data-draft-state]").textContent = "";
      desk.toast(answer.data.text);
      count(form);
      say(false);
    } else if (answer.data) {
      if (answer.status !== 401) tell(form, answer.data);
      keep(form);
    } else {
      keep(form);
    }
    await refresh();
    if (answer.status === 409 && answer.data?.version) {
      seen(answer.data.version);
      document.querySelector("#part-talk .fresh")?.scrollIntoView({ block: "center" });
      box(form).focus({ preventScroll: true });
    }
  }

  function tell(form, answer) {
    const notice = document.createElement("div"), mark = document.createElement("span");
    notice.className = "notice bad";
    notice.setAttribute("role", "alert");
    mark.className = "mark";
    mark.setAttribute("aria-hidden", "true");
    notice.append(mark, answer.problem ?? answer.detail ?? "");
    form.before(notice);
    if (!answer.ways) return;
    const ways = new DOMParser().parseFromString(answer.ways, "text/html");
    notice.after(...ways.body.children);
  }

  // ---- Who is there: this window says so, and at once when the writing begins or ends.
  const beatMilliseconds = 15000, writingMilliseconds = 20000;
  let isWriting = false, quiet = null;

  async function beat() {
    if (document.visibilityState !== "visible") return;
    const answer = await ask(data.presence, { writing: isWriting ? "1" : "0" }, "text/html");
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(answer.text, "text/html").getElementById("part-presence");
    if (fresh) place("part-presence", fresh.innerHTML);
  }

  function say(writes) {
    clearTimeout(quiet);
    if (writes) quiet = setTimeout(() => say(false), writingMilliseconds);
    if (writes === isWriting) return;
    isWriting = writes;
    beat();
  }

  let pulse = setInterval(beat, beatMilliseconds);
  document.addEventListener("visibilitychange", beat);
  document.addEventListener("desk:signed-out", () => { clearInterval(pulse); pulse = null; });
  addEventListener("pagehide", () => {
    flush();
    navigator.sendBeacon(data.leave, new URLSearchParams({ csrf: desk.csrf }));
  });
  addEventListener("pageshow", (event) => { if (event.persisted) { beat(); refresh(); } });
  beat();

  // ---- The call's clock: runs here, and is set right by every look at the server.
  let ticking = null;

  function clock() {
    clearInterval(ticking);
    const call = document.querySelector("[data-call]");
    if (!call) return;
    const began = performance.now() - Number(call.dataset.seconds) * 1000;
    const covered = call.dataset.covered === "" ? null : Number(call.dataset.covered);
    const two = (number) => String(number).padStart(2, "0");
    function tick() {
      const seconds = Math.floor((performance.now() - began) / 1000), hours = Math.floor(seconds / 3600);
      const rest = Math.floor(seconds / 60) % 60, place = call.querySelector("[data-clock]");
      place.textContent = (hours ? hours + ":" + two(rest) : rest) + ":" + two(seconds % 60);
      if (covered === null) return;
      call.classList.toggle("none", seconds >= covered);
      call.classList.toggle("low", seconds >= covered * 0.8 && seconds < covered);
    }
    tick();
    ticking = setInterval(tick, 1000);
  }

  // ---- Wiring.
  for (const form of composers) {
    count(form);
    form.addEventListener("submit", (event) => { event.preventDefault(); send(form); });
    form.addEventListener("input", () => { count(form); later(form); priceLater(form); say(box(form).value.trim() !== ""); });
  }

  function write(channel) {
    const place = document.getElementById("write-" + channel);
    if (!place) return;
    place.open = true;
    place.querySelector("textarea").focus();
  }

  for (const [key, channel, text] of [["r", "email", data.keyReply], ["m", "sms", data.keySms], ["i", "note", data.keyNote]]) {
    if (document.getElementById("write-" + channel)) desk.keys.on(key, text, () => write(channel));
  }

  function openAct(name) {
    const act = document.getElementById("act-" + name);
    if (!act) return false;
    act.open = true;
    act.scrollIntoView({ block: "nearest" });
    act.querySelector("select, input:not([type=hidden]), textarea")?.focus();
    return true;
  }

  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.dataset.opensAct) {
      event.preventDefault();
      if (link.dataset.opensAct === "note") write("note");
      else openAct(link.dataset.opensAct);
    } else if (link.dataset.reverse !== undefined) {
      const usage = new URL(link.href).searchParams.get("reverse");
      const choice = document.querySelector('#act-reverse select[name="usage"]');
      if (!choice || ![...choice.options].some((option) => option.value === usage)) return;
      event.preventDefault();
      choice.value = usage;
      openAct("reverse");
    } else if (link.dataset.earlier !== undefined) {
      event.preventDefault();
      const before = new URL(link.href).search;
      const answer = await ask(data.parts + before, null, "text/html");
      const part = new DOMParser().parseFromString(answer.text, "text/html").getElementById("part-talk");
      if (!part) { desk.toast(data.notLoaded, "bad"); return; }
      part.querySelector("#talk-end")?.remove();
      part.querySelector(`a[href="${CSS.escape(location.pathname)}"]`)?.closest("p")?.remove();
      const top = document.documentElement.scrollHeight;
      link.closest("p").hidden = true;
      document.getElementById("talk-before").prepend(...part.children);
      scrollBy(0, document.documentElement.scrollHeight - top);
    }
  });

  restore();
  clock();
})();
