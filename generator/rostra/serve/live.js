// The preview's own script: reloads where the reader was, swaps styles, shows what failed.
"use strict";
(() => {
  const KEY = `rostra-live:${location.pathname}`;
  // A reload that another page came before has kept nothing for whoever comes back.
  const reloaded = performance.getEntriesByType("navigation")[0]?.type === "reload";
  const kept = reloaded ? JSON.parse(sessionStorage.getItem(KEY) || "null") : null;
  sessionStorage.removeItem(KEY);
  if (kept) {
    addEventListener("load", () => {
      const folded = new Set(kept.folded);
      for (const list of document.querySelectorAll("article > details.replies")) list.open = !folded.has(list.parentElement.id);
      // The id of a copied post depends on the post that it answers; its place among the others is the next best.
      const post = document.getElementById(kept.id) ?? document.querySelectorAll("article.post")[kept.number];
      scrollTo({ top: post ? post.getBoundingClientRect().top + scrollY - kept.offset : kept.top, behavior: "instant" });
    });
  }

  const keep = (build) => {
    const posts = [...document.querySelectorAll("article.post")];
    const post = posts.findLast((each) => each.getClientRects().length && each.getBoundingClientRect().top <= 1);
    const folded = [...document.querySelectorAll("article > details.replies:not([open])")].map((list) => list.parentElement.id);
    sessionStorage.setItem(KEY, JSON.stringify({ id: post?.id, number: posts.indexOf(post), offset: post?.getBoundingClientRect().top ?? 0, top: scrollY, folded, build }));
  };

  // A new style is in place before the site is built with it.
  const restyle = (name, href) => {
    const old = [...document.querySelectorAll("link[rel=stylesheet]")].findLast((link) => (link.dataset.style || link.getAttribute("href").split("/").pop()) === name);
    if (!old || old.getAttribute("href") === href) return;
    const link = old.cloneNode();
    link.dataset.style = name;
    link.setAttribute("href", href);
    link.addEventListener("load", () => { old.remove(); document.documentElement.dataset.restyled = Number(document.documentElement.dataset.restyled || 0) + 1; });
    link.addEventListener("error", () => link.remove());
    old.after(link);
  };

  // A page is looked at once a build, and reloaded once a build at most, whatever it then is.
  const page = document.currentScript.dataset.page;
  const looked = new Set([document.currentScript.dataset.build, kept?.build]);
  let leaving = false;
  const look = async ({ build, styles }) => {
    const got = await fetch(location.href.split("#")[0], { method: "HEAD", cache: "no-store" }).catch(() => null);
    const now = got?.headers.get("Rostra-Page");
    // What has no script of ours would never be reloaded again.
    if (!now || leaving) return;
    looked.add(build);
    if (now === page) {
      // A page that is as it was keeps its place, its folds and its focus.
      for (const [name, href] of Object.entries(styles)) restyle(name, href);
      return;
    }
    leaving = true;
    // Only a page that has loaded is where the reader left it.
    if (document.readyState !== "complete") await new Promise((done) => { addEventListener("load", done); });
    keep(build);
    location.reload();
  };

  const show = (errors) => {
    const old = document.getElementById("rostra-errors"), said = JSON.stringify(errors);
    if (old?.open && old.dataset.said === said) return;
    old?.remove();
    if (!errors.length) return;
    const box = document.createElement("dialog");
    box.id = "rostra-errors";
    box.className = "help";
    box.dataset.said = said;
    const head = document.createElement("p");
    head.textContent = "The last good site is shown. What failed:";
    box.append(head);
    for (const error of errors) {
      const where = document.createElement("pre"), hint = document.createElement("p");
      where.textContent = `${error.where ? `${error.where}: ` : ""}${error.message}`;
      hint.textContent = error.hint ? `hint: ${error.hint}` : "";
      box.append(where, hint);
    }
    document.body.append(box);
    box.show();
  };

  const hear = (told) => {
    if (told.style) return restyle(told.style, told.href);
    show(told.errors);
    if (!looked.has(told.build)) look(told);
    return undefined;
  };

  // A browser has six connections to a host for all its tabs: one of them listens, and passes on what it hears.
  const NAME = "rostra-live";
  // Locks are for secure contexts, which an address in the local network is none of: there, each that is seen listens.
  const unseen = () => !navigator.locks && document.hidden;
  let stop = null;
  const start = () => {
    if (stop || unseen()) return;
    const stopped = new AbortController();
    const others = navigator.locks && new BroadcastChannel(NAME);
    let last = null;
    const listen = () => new Promise((done) => {
      const events = new EventSource("/__rostra__/events");
      const end = () => { events.close(); last = null; done(); };
      stopped.signal.addEventListener("abort", end);
      events.onerror = () => { if (events.readyState === EventSource.CLOSED) end(); };
      events.onmessage = (message) => {
        const told = JSON.parse(message.data);
        others?.postMessage(told);
        if (!told.style) last = told;
        hear(told);
      };
    });
    stop = () => { stopped.abort(); others?.close(); stop = null; };
    if (others) {
      others.onmessage = ({ data }) => {
        if (!data.joined) hear(data);
        else if (last) others.postMessage(last);
      };
      others.postMessage({ joined: true });
      navigator.locks.request(NAME, { signal: stopped.signal }, listen).catch(() => undefined);
    } else listen();
  };
  start();
  if (!navigator.locks) document.addEventListener("visibilitychange", () => (unseen() ? stop?.() : start()));
  // A page that sleeps would keep the others from hearing; when it wakes, it is told what it missed.
  for (const sleep of ["pagehide", "freeze"]) addEventListener(sleep, () => stop?.(), true);
  for (const wake of ["pageshow", "resume"]) addEventListener(wake, start, true);
})();
