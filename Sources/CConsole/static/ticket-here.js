// Beside a ticket's conversation: who is there, the running call, keys and links. Every form works without it.
"use strict";

(() => {
  if (!ticketPage) return;
  const { data, ask, refresh, place } = ticketPage;

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
    navigator.sendBeacon(data.leave, new URLSearchParams({ csrf: desk.csrf }));
  });
  addEventListener("pageshow", (event) => { if (event.persisted) { beat(); refresh(); } });
  document.addEventListener("ticket:writes", (event) => say(event.detail));
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

  ticketPage.onPlaced("part-call", clock);

  // ---- Keys and links.
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

  clock();
})();
