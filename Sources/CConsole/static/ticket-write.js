// Writing on a ticket's page: drafts, what a text costs, sending. Every form works without it.
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
  if (!ticketPage) return;
  const { data, ask, refresh } = ticketPage;
  const composers = [...document.querySelectorAll("form[data-composer]")];
  const box = (form) => form.querySelector("textarea");
  const isEmpty = () => composers.every((form) => box(form).value.trim() === "");

  // ---- What is new: whoever writes has not seen it until they look. Sending stops once, and the bar says why.
  let seenVersion = Number(data.version);

  function news(version) {
    if (version <= seenVersion) return;
    if (isEmpty()) return seen(version);
    const bar = document.getElementById("write-news");
    if (bar && document.querySelector("#part-talk .fresh")) { bar.textContent = data.new; bar.hidden = false; }
  }

  function seen(version) {
    seenVersion = version;
    for (const form of composers) if (form.elements.seen) form.elements.seen.value = version;
    const bar = document.getElementById("write-news");
    if (bar) bar.hidden = true;
  }

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
    const place = form.querySelector("[data-units]"), text = form.dataset.unitsText;
    if (!place || !text) return;
    const length = smsLength(box(form).value.replaceAll("\r\n", "\n"));
    place.textContent = text.replace(/{(segments|used|left)}/g, (_, name) => length[name]);
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
      count(form);
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
      ticketPage.caughtUp();
      count(form);
      document.dispatchEvent(new CustomEvent("ticket:writes", { detail: false }));
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

  // ---- Wiring.
  for (const form of composers) {
    count(form);
    form.addEventListener("submit", (event) => { event.preventDefault(); send(form); });
    form.addEventListener("input", () => { count(form); later(form); priceLater(form); document.dispatchEvent(new CustomEvent("ticket:writes", { detail: box(form).value.trim() !== "" })); });
  }

  ticketPage.onParts((version) => { news(version); recount(); });
  addEventListener("pagehide", flush);
  restore();
})();
