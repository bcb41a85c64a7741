// The feed's page: while something that was asked for is not done yet, it is looked at again. Without it there is a link.
"use strict";

(() => {
  const pauseMilliseconds = 1500, looksMax = 80, loadMilliseconds = 10000;
  let looks = 0;

  async function look() {
    const box = document.getElementById("feed-now");
    if (!box?.hasAttribute("data-waiting") || looks >= looksMax) return;
    looks += 1;
    try {
      const answer = await fetch("/feed", { credentials: "same-origin", redirect: "error", signal: AbortSignal.timeout(loadMilliseconds), headers: { "Accept": "text/html" } });
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const id of ["feed-now", "rejects"]) {
          const old = document.getElementById(id), fresh = page.getElementById(id);
          if (old && fresh && !old.contains(document.activeElement) && old.outerHTML !== fresh.outerHTML) old.replaceWith(document.importNode(fresh, true));
        }
      }
    } catch { /* looked at again */ }
    setTimeout(look, pauseMilliseconds);
  }

  setTimeout(look, pauseMilliseconds);
})();
