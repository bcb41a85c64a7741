// The reports' page: files with their progress, and paper. Without it links are links.
"use strict";

(() => {
  // Beyond this a file is left to the browser's own downloads, which write to disk as they go.
  const bytesMax = 256 << 20, showEveryMilliseconds = 200;

  const language = document.documentElement.lang;
  const units = ["byte", "kilobyte", "megabyte"].map((unit) => new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: 1 }));

  // `12.4 MB`
  function words(size) {
    const power = size < 1e3 ? 0 : size < 1e6 ? 1 : 2;
    return units[power].format(size / 1e3 ** power);
  }

  const box = document.getElementById("files");

  function say(state, text, isBad) {
    state.hidden = false;
    state.classList.toggle("bad", isBad === true);
    state.replaceChildren(text);
  }

  function save(bytes, name) {
    const address = URL.createObjectURL(new Blob(bytes));
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  }

  async function take(link, state, signal) {
    const answer = await fetch(link.href, { credentials: "same-origin", redirect: "error", signal });
    if (!answer.ok || !answer.body) throw new Error("not there");
    const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "report";
    const reader = answer.body.getReader(), pieces = [];
    let size = 0, shownAt = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      size += value.length;
      if (size > bytesMax) return false;
      if (performance.now() - shownAt > showEveryMilliseconds) {
        shownAt = performance.now();
        state.firstChild.textContent = box.dataset.soFar.replace("{size}", words(size));
      }
    }
    save(pieces, name);
    return true;
  }

  async function download(link) {
    const state = link.closest("li").querySelector(".file-state");
    const stop = new AbortController();
    const cancel = document.createElement("button");
    cancel.type = "button";
    cancel.className = "small";
    cancel.textContent = box.dataset.cancel;
    cancel.addEventListener("click", () => stop.abort());
    say(state, document.createTextNode(box.dataset.preparing));
    state.append(cancel);
    link.setAttribute("aria-busy", "true");
    try {
      if (await take(link, state, stop.signal)) say(state, box.dataset.saved);
      else {
        stop.abort();
        state.hidden = true;
        location.assign(link.href);
      }
    } catch {
      if (stop.signal.aborted) state.hidden = true;
      else say(state, box.dataset.failed, true);
    } finally {
      link.removeAttribute("aria-busy");
    }
  }

  box?.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-download]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    if (!link.hasAttribute("aria-busy")) download(link);
  });

  document.querySelector("[data-print]")?.addEventListener("click", () => print());
  // On paper the tables stand below their charts.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll(".chart-card details:not([open])")];
    for (const more of opened) more.open = true;
  });
  addEventListener("afterprint", () => { for (const more of opened) more.open = false; });
})();
