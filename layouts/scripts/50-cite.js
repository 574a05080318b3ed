// A post as others cite it, from what stands in the page; `citations.bib` holds the same.
function citation(post) {
  const main = document.querySelector("main[data-thread]").dataset;
  const text = (selector, inside = post) => inside.querySelector(selector)?.textContent.trim() || "";
  const time = post.querySelector(":scope > header time.dt-published");
  return {
    id: `${main.thread}-${post.id}`,
    author: text(":scope > header .p-author"),
    title: text(":scope > .title") || text("h1", document),
    debate: text("h1", document),
    archive: text("header.site .name", document),
    date: time?.dateTime.slice(0, 10) || "",
    when: time?.textContent || text(":scope > header .as-captured"),
    url: permalink(post),
    captured: main.captured,
    archived: main.archived,
    original: post.querySelector(":scope > header a.u-syndication")?.href,
    accessed: new Date().toISOString().slice(0, 10),
  };
}
const kept = (c) => [
  c.captured && _("captured %(day)s", { day: c.captured }), c.archived && _("archived %(day)s", { day: c.archived }), c.original,
];
const SPECIAL = {
  "\\": "\\textbackslash{}", "{": "\\textbraceleft{}", "}": "\\textbraceright{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}",
};
const tex = (text) => text.replace(/[\\{}~^#$%&_]/g, (sign) => SPECIAL[sign] || `\\${sign}`);
const FORMS = {
  [_("Link")]: (c) => c.url,
  [_("Text")]: (c) => {
    const head = [c.author || _("unnamed"), c.when].filter(Boolean).join(", ");
    const tail = [...kept(c), _("accessed %(day)s", { day: c.accessed })].filter(Boolean).join("; ");
    return `${head}. “${c.title}”${c.title === c.debate ? "" : `, in “${c.debate}”`}. ${c.archive}. ${c.url} (${tail})`;
  },
  BibTeX: (c) => {
    const note = kept(c).filter(Boolean).join("; ");
    const fields = {
      author: c.author && `{${tex(c.author)}}`, title: tex(c.title), titleaddon: c.title === c.debate ? "" : tex(c.debate),
      date: c.date, url: c.url, organization: tex(c.archive), note: tex(note), urldate: c.accessed,
    };
    const lines = Object.entries(fields).filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}},\n`);
    return `@online{${c.id},\n${lines.join("")}}\n`;
  },
  "CSL-JSON": (c) => JSON.stringify([{
    id: c.id, type: "post", title: c.title, "container-title": c.debate,
    author: c.author ? [{ literal: c.author }] : undefined,
    issued: c.date ? { "date-parts": [c.date.split("-").map(Number)] } : undefined,
    accessed: { "date-parts": [c.accessed.split("-").map(Number)] },
    URL: c.url, archive: c.archive, archive_location: c.id.replace(/-(p-.*)$/, "#$1"),
    note: kept(c).filter(Boolean).join("; ") || undefined,
  }], null, 1),
};

ready(() => {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.cite");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const post = link.closest("article.post"), cited = citation(post);
    const box = made("dialog", { className: "box cited" }, made("h2", { textContent: _("Cite this post") }));
    box.setAttribute("aria-label", _("Cite this post"));
    for (const [name, form] of Object.entries(FORMS)) {
      const text = form(cited);
      const button = made("button", { type: "button", className: "plain", textContent: _("Copy") });
      button.setAttribute("aria-label", _("Copy: %(form)s", { form: name }));
      // What is outside of a dialog that is open cannot be heard, so its own button says what was done.
      button.addEventListener("click", () => { copy(text, ""); button.textContent = _("Copied"); });
      const words = made("pre", { textContent: text, tabIndex: 0 });
      words.setAttribute("role", "region");
      words.setAttribute("aria-label", name);
      box.append(made("section", {}, made("h3", { textContent: name }), button, words));
    }
    const close = made("button", { type: "button", className: "plain", textContent: _("Close") });
    close.addEventListener("click", () => box.close());
    box.append(close);
    const menu = link.closest("details.more");
    menu.open = false;
    box.addEventListener("close", () => { box.remove(); menu.querySelector("summary").focus(); });
    document.body.append(box);
    box.showModal();
  });
});

// The menu of a post: it closes when the reader does something else.
ready(() => {
  document.addEventListener("toggle", ({ target: menu }) => {
    if (!menu.matches?.("details.more[open]") || menu.querySelector("button")) return;
    const button = made("button", { type: "button", textContent: _("Copy link") });
    button.addEventListener("click", () => { copy(permalink(menu.closest("article.post")), _("Permanent link copied")); menu.open = false; });
    menu.querySelector("div").prepend(button);
  }, true);
  const close = (event) => {
    const menu = document.querySelector("details.more[open]");
    if (!menu || (event.type === "click" ? menu.contains(event.target) : event.key !== "Escape")) return;
    menu.open = false;
    if (event.type === "keydown") menu.querySelector("summary").focus();
  };
  document.addEventListener("click", close);
  document.addEventListener("keydown", close);
});
