// Comfort only: everything on the page works without this file.
"use strict";
(() => {
  const store = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch { /* private windows keep nothing */ } },
  };
  const root = document.documentElement;
  const theme = store.get("rostra-theme");
  if (theme) root.dataset.theme = theme;

  document.addEventListener("DOMContentLoaded", () => {
    // The address as it is cited: hosts serve the folder, files on disk need the name.
    if (location.protocol.startsWith("http") && location.pathname.endsWith("/index.html")) {
      history.replaceState(history.state, "", location.pathname.slice(0, -10) + location.search + location.hash);
    }
    const status = Object.assign(document.createElement("div"), { className: "status" });
    status.setAttribute("role", "status");
    document.body.append(status);
    const say = (text) => {
      status.textContent = text;
      clearTimeout(say.timer);
      say.timer = setTimeout(() => { status.textContent = ""; }, 2500);
    };
    tools(say);
    // A post that moved: the refresh of the page alone would lose which one was meant.
    const asked = [...new URLSearchParams(location.search)];
    const way = [...document.querySelectorAll(".kept li[data-query], .kept li[data-fragment]")].find((li) =>
      (!li.dataset.fragment || "#" + li.dataset.fragment === decodeURIComponent(location.hash)) &&
      [...new URLSearchParams(li.dataset.query || "")].every(([key, value]) => asked.some((each) => each[0] === key && each[1] === value)));
    if (way) { location.replace(way.querySelector("a").href); return; }
    const moved = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest(".kept li")?.querySelector("a");
    if (moved) { location.replace(moved.href); return; }
    const posts = [...document.querySelectorAll("article.post")];
    if (!posts.length) return;
    folds(posts);
    permalinks(say);
    previews();
    keys(posts);
    position(posts);
  });

  function tools(say) {
    const bar = Object.assign(document.createElement("div"), { className: "tools" });
    const button = (label, act) => {
      const made = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: label });
      made.addEventListener("click", () => act(made));
      bar.append(made);
      return made;
    };
    const names = { "": "Theme: system", light: "Theme: light", dark: "Theme: dark" };
    button(names[root.dataset.theme || ""], (made) => {
      const next = { "": "dark", dark: "light", light: "" }[root.dataset.theme || ""];
      if (next) root.dataset.theme = next; else delete root.dataset.theme;
      store.set("rostra-theme", next);
      made.textContent = names[next];
    });
    if (document.querySelector("article.post")) {
      button("Fold answers", () => {
        const lists = [...document.querySelectorAll("details.replies")];
        const open = lists.some((list) => list.open && list.parentElement.parentElement.closest("details.replies"));
        for (const list of lists) list.open = !open || !list.parentElement.parentElement.closest("details.replies");
        say(open ? "Folded to the first answers" : "Everything unfolded");
      });
      button("Keys", () => help());
    }
    document.querySelector("header.site").append(bar);
  }

  function folds(posts) {
    const key = `rostra-folds:${location.pathname}`;
    const folded = new Set((store.get(key) || "").split(" ").filter(Boolean));
    for (const post of posts) {
      const list = post.querySelector(":scope > details.replies");
      if (!list) continue;
      if (folded.has(post.id)) list.open = false;
      list.addEventListener("toggle", () => {
        if (list.open) folded.delete(post.id); else folded.add(post.id);
        store.set(key, [...folded].join(" "));
      });
    }
    const reveal = () => {
      const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!target) return;
      let moved = false;
      for (let list = target.closest("details:not([open])"); list; list = list.parentElement.closest("details:not([open])")) { list.open = true; moved = true; }
      if (moved) target.scrollIntoView();
    };
    addEventListener("hashchange", reveal);
    reveal();
  }

  function permalinks(say) {
    for (const link of document.querySelectorAll("a.permalink")) {
      link.addEventListener("click", () => {
        const address = new URL(link.getAttribute("href"), document.querySelector("link[rel=canonical]")?.href || location.href).href;
        navigator.clipboard?.writeText(address).then(() => say("Permalink copied"), () => {});
      });
    }
  }

  function previews() {
    let shown = null, timer = 0;
    const hide = () => { clearTimeout(timer); shown?.remove(); shown = null; };
    const show = (link) => {
      hide();
      const target = document.getElementById(link.hash.slice(1));
      const post = target?.closest("article.post");
      if (!post) return;
      const box = Object.assign(document.createElement("div"), { className: "preview" });
      box.setAttribute("role", "tooltip");
      const head = Object.assign(document.createElement("p"), { className: "facts", textContent: post.querySelector("h3").textContent.replace(/\s+/g, " ").trim() });
      const block = target.closest(".body p, .body li, .body pre, .body blockquote, .notes li");
      const body = Object.assign(document.createElement("p"), { textContent: (block || post.querySelector(".body") || head).textContent.replace(/\s+/g, " ").replace(/❞\d*/g, "").trim().slice(0, 480) });
      box.append(head, body);
      document.body.append(box);
      const at = link.getBoundingClientRect(), size = box.getBoundingClientRect();
      const below = at.bottom + size.height + 12 < innerHeight;
      box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8)) + scrollX}px`;
      box.style.top = `${(below ? at.bottom + 6 : at.top - size.height - 6) + scrollY}px`;
      shown = box;
    };
    const chosen = ".source a, .source-inline a, .quoted-by a, a.parent, .call a";
    for (const event of ["mouseover", "focusin"]) {
      document.addEventListener(event, (e) => {
        const link = e.target.closest?.(chosen);
        if (!link || !link.hash) return;
        clearTimeout(timer);
        timer = setTimeout(() => show(link), event === "focusin" ? 0 : 180);
      });
    }
    for (const event of ["mouseout", "focusout"]) document.addEventListener(event, (e) => { if (e.target.closest?.(chosen)) hide(); });
    addEventListener("keydown", (e) => { if (e.key === "Escape") hide(); });
    for (const link of document.querySelectorAll(chosen)) { if (link.title) { link.dataset.title = link.title; link.removeAttribute("title"); } }
  }

  const KEYS = [["j", "next post"], ["k", "previous post"], ["p", "the post it answers"], ["n", "next sibling"], ["o", "fold or unfold"], ["?", "these keys"]];

  function help() {
    let box = document.querySelector("dialog.help");
    if (!box) {
      box = Object.assign(document.createElement("dialog"), { className: "help" });
      const list = document.createElement("dl");
      for (const [key, text] of KEYS) {
        const dt = document.createElement("dt"), dd = document.createElement("dd");
        dt.append(Object.assign(document.createElement("kbd"), { textContent: key }));
        dd.textContent = text;
        list.append(dt, dd);
      }
      const off = Object.assign(document.createElement("button"), { type: "button", className: "plain" });
      const label = () => { off.textContent = store.get("rostra-keys") === "off" ? "Turn keys on" : "Turn keys off"; };
      off.addEventListener("click", () => { store.set("rostra-keys", store.get("rostra-keys") === "off" ? "on" : "off"); label(); });
      label();
      const close = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: "Close" });
      close.addEventListener("click", () => box.close());
      box.append(list, off, " ", close);
      box.setAttribute("aria-label", "Keys");
      document.body.append(box);
    }
    box.showModal();
  }

  function keys(posts) {
    const visible = () => posts.filter((post) => post.getClientRects().length);
    const current = () => {
      const seen = visible();
      const focused = document.activeElement?.closest?.("article.post");
      if (focused) return focused;
      return seen.findLast((post) => post.getBoundingClientRect().top < 80) || null;
    };
    const go = (post) => {
      if (!post) return;
      const head = post.querySelector("a.permalink");
      head.focus({ preventScroll: true });
      post.scrollIntoView();
    };
    addEventListener("keydown", (e) => {
      if (e.ctrlKey || e.metaKey || e.altKey || store.get("rostra-keys") === "off") { if (e.key !== "?") return; }
      if (e.target.closest?.("input, textarea, select, dialog, [contenteditable]")) return;
      const seen = visible(), post = current(), at = seen.indexOf(post);
      const acts = {
        j: () => go(seen[at + 1]),
        k: () => go(seen[Math.max(0, at - 1)]),
        p: () => go(post?.parentElement.closest("article.post")),
        n: () => { let next = post?.nextElementSibling; while (next && !next.matches("article.post")) next = next.nextElementSibling; go(next); },
        o: () => { const list = post?.querySelector(":scope > details.replies"); if (list) list.open = !list.open; },
        "?": help,
      };
      if (acts[e.key]) { e.preventDefault(); acts[e.key](); }
    });
  }

  function position(posts) {
    const links = new Map([...document.querySelectorAll(".map a")].map((link) => [link.hash.slice(1), link]));
    const map = document.querySelector(".map");
    let last = null;
    const seen = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        const link = links.get(entry.target.closest("article.post").id);
        if (!link || link === last) continue;
        last?.removeAttribute("aria-current");
        link.setAttribute("aria-current", "true");
        last = link;
        if (getComputedStyle(map).position === "sticky") {
          const top = link.offsetTop - map.clientHeight / 2;
          if (Math.abs(map.scrollTop - top) > map.clientHeight / 3) map.scrollTop = top;
        }
      }
    }, { rootMargin: "0px 0px -75% 0px" });
    for (const post of posts) seen.observe(post.querySelector(":scope > header"));
  }
})();
