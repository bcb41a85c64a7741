// The ticket list: rows that change by themselves, and the keyboard. Without it every link and form works the same.
"use strict";

(() => {
  const box = document.getElementById("ticket-list");
  if (!box) return;
  const stale = document.getElementById("list-stale");
  const loadMilliseconds = 10000, pauseMilliseconds = 1000, laterMilliseconds = 10000;
  let selected = null, timer = null, isLoading = false, due = Infinity, last = 0;

  const rows = () => [...box.querySelectorAll("tr[data-number]")];
  const row = (number) => rows().find((one) => one.dataset.number === number) ?? null;

  // ---- Selection: the row's link has the focus, so Enter opens it and a screen reader says it.
  function select(one) {
    for (const other of rows()) other.classList.toggle("here", other === one);
    selected = one?.dataset.number ?? null;
  }

  function move(by) {
    const all = rows();
    if (!all.length) return;
    const place = all.findIndex((one) => one.dataset.number === selected);
    const next = all[place < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(place + by, 0), all.length - 1)];
    select(next);
    next.querySelector("a.row")?.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  box.addEventListener("focusin", (event) => {
    const one = event.target.closest("tr[data-number]");
    if (one) select(one);
  });

  async function take() {
    const one = row(selected);
    if (!one) return;
    const answer = await desk.send("/tickets/assign", { number: selected });
    if (answer.ok) desk.toast(answer.data?.text ?? "");
    else if (answer.data?.detail) desk.toast(answer.data.detail, "bad");
    load();
  }

  desk.keys.on("j", box.dataset.next, () => move(1));
  desk.keys.on("k", box.dataset.previous, () => move(-1));
  desk.keys.on("a", box.dataset.take, take);

  // ---- Rows: asked for anew when something changed, put in place without moving focus or selection.
  function refresh(milliseconds) {
    const at = Math.max(Date.now() + milliseconds, last + pauseMilliseconds);
    if (at >= due) return;
    due = at;
    clearTimeout(timer);
    timer = setTimeout(load, Math.max(0, at - Date.now()));
  }

  async function load() {
    clearTimeout(timer);
    due = Infinity;
    if (isLoading) { refresh(pauseMilliseconds); return; }
    isLoading = true;
    try {
      const answer = await fetch(box.dataset.table, {
        credentials: "same-origin", redirect: "error", signal: AbortSignal.timeout(loadMilliseconds), headers: { "Accept": "application/json" },
      });
      if (answer.status === 401) { desk.signedOut(); return; }
      if (!answer.ok) throw new Error(String(answer.status));
      place(new DOMParser().parseFromString(await answer.text(), "text/html"));
      if (stale) stale.hidden = true;
    } catch {
      if (stale) stale.hidden = false;
      refresh(laterMilliseconds);
    } finally {
      isLoading = false;
      last = Date.now();
    }
  }

  function place(page) {
    const focused = document.activeElement;
    const kept = box.contains(focused) ? { number: focused.closest("tr")?.dataset.number, kind: focused.className, tag: focused.tagName, href: focused.getAttribute("href") } : null;
    const body = box.querySelector("tbody"), next = page.querySelector("tbody");
    replace("#views", page);
    if (body && next && box.querySelector("thead")?.textContent === page.querySelector("thead")?.textContent) {
      swapRows(body, next);
      for (const pager of box.querySelectorAll(".pager")) pager.remove();
      for (const pager of page.querySelectorAll(".pager")) box.querySelector("#table").append(document.importNode(pager, true));
    } else {
      replace("#table", page);
    }
    select(row(selected));
    if (kept && !box.contains(document.activeElement)) restore(kept);
  }

  function replace(selector, page) {
    const old = box.querySelector(selector), fresh = page.querySelector(selector);
    if (old && fresh && old.outerHTML !== fresh.outerHTML) old.replaceWith(document.importNode(fresh, true));
  }

  // What a row says, apart from what we put on it.
  const said = (one) => one.innerHTML;

  function swapRows(body, next) {
    const old = new Map([...body.children].map((one) => [one.dataset.number, one]));
    const wanted = [...next.children].map((fresh) => {
      const had = old.get(fresh.dataset.number);
      if (had && said(had) === said(fresh)) return had;
      const made = document.importNode(fresh, true);
      made.classList.add("fresh");
      return made;
    });
    for (const one of [...body.children]) if (!wanted.includes(one)) one.remove();
    wanted.forEach((one, index) => { if (body.children[index] !== one) body.insertBefore(one, body.children[index] ?? null); });
  }

  function restore(kept) {
    const inside = kept.number ? row(kept.number) : box;
    const found = [...(inside?.querySelectorAll(kept.tag) ?? [])].find((one) => one.className === kept.kind && (kept.number || one.getAttribute("href") === kept.href));
    found?.focus({ preventScroll: true });
  }

  // The key / leads here from every page.
  if (location.hash === "#search") {
    document.getElementById("search")?.focus();
    history.replaceState(null, "", location.pathname + location.search);
  }

  desk.live("/tickets/live", {
    tickets(news) {
      const shown = new Set(rows().map((one) => Number(one.dataset.number)));
      const byCredit = box.dataset.view === "low-credit" || box.dataset.view === "owing";
      const isSoon = news.all || news.changed.length > 0 || byCredit || news.spent.some((number) => shown.has(number));
      refresh(isSoon ? 0 : laterMilliseconds);
    },
  });
})();
