ready(() => {
  // The address as it is cited: hosts serve the folder, files on disk need the name.
  if (location.protocol.startsWith("http") && location.pathname.endsWith("/index.html")) {
    history.replaceState(history.state, "", location.pathname.slice(0, -10) + location.search + location.hash);
  }
});

ready(() => {
  // A post that moved: the refresh of the page alone would lose which one was meant.
  const asked = [...new URLSearchParams(location.search)];
  const way = [...document.querySelectorAll(".kept li[data-query], .kept li[data-fragment]")].find((li) =>
    (!li.dataset.fragment || li.dataset.fragment === fragment()) &&
    [...new URLSearchParams(li.dataset.query || "")].every(([key, value]) => asked.some((each) => each[0] === key && each[1] === value)));
  const moved = aimed()?.closest(".kept li");
  const link = (way || moved || null)?.querySelector("a");
  if (link) location.replace(link.href);
});

// The id that the address names, and what it leads to in this page.
function fragment() {
  const id = location.hash.slice(1);
  try { return decodeURIComponent(id); } catch { return id; }
}
function aimed() { return document.getElementById(fragment()); }

// The part of the address that finds words, which browsers hide from scripts but for this.
function directive() {
  return performance.getEntriesByType("navigation")[0]?.name.match(/:~:.*/)?.[0] || "";
}

ready(() => {
  // A debate of several pages: the first leads on to the post's page, and every other back to the first.
  const page = document.querySelector("main[data-page]")?.dataset.page;
  const lead = () => {
    const hash = fragment();
    if (!hash.startsWith("p-")) return;
    const target = aimed();
    const entry = (target || document.getElementById(hash.replace(/-[qsnc]\d+$/, "")))?.closest(".later li");
    if (entry) location.replace(entry.querySelector("a").href.replace(/#.*/, "") + location.hash + directive());
    else if (!target && page > 1) location.replace("index.html" + location.hash + directive());
  };
  if (!page) return;
  addEventListener("hashchange", lead);
  lead();
});

// The address of a post as it is cited, wherever the page is read.
function permalink(post) {
  const base = document.querySelector("link[rel=canonical]")?.href || location.href;
  return new URL(post.querySelector("a.permalink").getAttribute("href"), base).href.replace("/index.html#", "/#");
}

ready(() => {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.permalink");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const post = link.closest("article.post");
    copy(permalink(post), _("Permanent link copied"));
    // On a later page the permalink leads by way of the first, which is no use to somebody who is there.
    event.preventDefault();
    location.hash = post.id;
  });
});

// The page that a person shares with others of few posts; the digest is that of `people/person_pages.py`.
function sharedPage(name, shelves) {
  let digest = 2166136261;
  for (const each of name) digest = Math.imul(digest ^ each.charCodeAt(0), 16777619);
  return `people/few_${(digest >>> 0) % shelves}.html#${name}`;
}

ready(() => {
  // The former address of a person whose few posts are now on a page that people share.
  const lost = document.querySelector("main[data-shelves]")?.dataset;
  const name = lost && location.pathname.match(/\/people\/([a-z0-9-]+)(?:\.html)?$/)?.[1];
  if (!name) return;
  location.replace(lost.root + sharedPage(name, lost.shelves));
});
