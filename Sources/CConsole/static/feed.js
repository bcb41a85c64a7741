// The feed's page follows by itself: read again when a pass ended or something asked for was done. Without it there is a link.
"use strict";

(() => {
  const parts = ["feed-now", "rejects"], loadMilliseconds = 10000, pauseMilliseconds = 1000;
  let timer = null, isLoading = false, isDue = false;

  function changed() {
    if (isLoading) { isDue = true; return; }
    timer ??= setTimeout(load, pauseMilliseconds);
  }

  async function load() {
    timer = null;
    isLoading = true;
    try {
      const answer = await fetch(location.pathname + location.search, {
        credentials: "same-origin", redirect: "error", signal: AbortSignal.timeout(loadMilliseconds), headers: { "Accept": "text/html" },
      });
      if (answer.ok) place(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch { /* the bar of the live updates says that nothing comes */ }
    isLoading = false;
    if (isDue) { isDue = false; changed(); }
  }

  // What somebody is at stays as it is until the next change.
  const isBusy = (part) => part.contains(document.activeElement) || part.querySelector("details[open]");
  const plain = (part) => part.outerHTML.replaceAll(/name="csrf" value="[^"]*"/g, "");

  function place(page) {
    for (const id of parts) {
      const old = document.getElementById(id), fresh = page.getElementById(id);
      if (old && fresh && !isBusy(old) && plain(old) !== plain(fresh)) old.replaceWith(document.importNode(fresh, true));
    }
  }

  desk.live("/feed/live", { changed });
})();
