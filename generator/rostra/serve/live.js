// The preview's own script: reloads where the reader was, swaps styles, shows what failed.
"use strict";
(() => {
  const KEY = `rostra-live:${location.pathname}`;
  const kept = JSON.parse(sessionStorage.getItem(KEY) || "null");
  sessionStorage.removeItem(KEY);
  if (kept) {
    addEventListener("load", () => {
      const folded = new Set(kept.folded);
      for (const list of document.querySelectorAll("article > details.replies")) list.open = !folded.has(list.parentElement.id);
      const post = kept.id && document.getElementById(kept.id);
      scrollTo({ top: post ? post.getBoundingClientRect().top + scrollY - kept.offset : kept.top, behavior: "instant" });
    });
  }

  const keep = () => {
    const posts = [...document.querySelectorAll("article.post")].filter((post) => post.getClientRects().length);
    const post = posts.findLast((each) => each.getBoundingClientRect().top <= 1);
    const folded = [...document.querySelectorAll("article > details.replies:not([open])")].map((list) => list.parentElement.id);
    sessionStorage.setItem(KEY, JSON.stringify({ id: post?.id, offset: post?.getBoundingClientRect().top ?? 0, top: scrollY, folded }));
  };

  // A new style is in place before the site is built with it.
  const restyle = (name, href) => {
    const old = [...document.querySelectorAll("link[rel=stylesheet]")].findLast((link) => (link.dataset.style || link.getAttribute("href").split("/").pop()) === name);
    if (!old) return;
    const link = old.cloneNode();
    link.dataset.style = name;
    link.setAttribute("href", href);
    link.addEventListener("load", () => { old.remove(); document.documentElement.dataset.restyled = Number(document.documentElement.dataset.restyled || 0) + 1; });
    link.addEventListener("error", () => link.remove());
    old.after(link);
  };

  // A page that is as it was keeps its place, its folds and its focus.
  const page = document.currentScript.dataset.page;
  const refresh = async () => {
    const got = await fetch(location.href.split("#")[0], { cache: "no-store" });
    if (got.ok && (await got.text()).includes(` data-page="${page}" `)) return;
    keep();
    location.reload();
  };

  const show = (errors) => {
    document.getElementById("rostra-errors")?.remove();
    if (!errors.length) return;
    const box = document.createElement("dialog");
    box.id = "rostra-errors";
    box.className = "help";
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

  const events = new EventSource("/__rostra__/events");
  let first = true;
  events.onmessage = (message) => {
    const told = JSON.parse(message.data);
    if (told.style) return restyle(told.style, told.href);
    show(told.errors);
    // A stream that was cut and opened again may have missed a build.
    if (told.changed.length || !first) refresh();
    first = false;
    return undefined;
  };
})();
