const KEYS = [
  ["j", _("next post")], ["k", _("previous post")], ["p", _("the post it answers")], ["n", _("next sibling")],
  ["o", _("fold or unfold")], ["?", _("these keys")],
];

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
    const label = () => { off.textContent = store.get("rostra-keys") === "off" ? _("Turn keys on") : _("Turn keys off"); };
    off.addEventListener("click", () => { store.set("rostra-keys", store.get("rostra-keys") === "off" ? "on" : "off"); label(); });
    label();
    const close = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: _("Close") });
    close.addEventListener("click", () => box.close());
    box.append(list, off, " ", close);
    box.setAttribute("aria-label", _("Keys"));
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
    const byKey = {
      j: () => go(seen[at + 1]),
      k: () => go(seen[Math.max(0, at - 1)]),
      p: () => go(post?.parentElement.closest("article.post")),
      n: () => { let next = post?.nextElementSibling; while (next && !next.matches("article.post")) next = next.nextElementSibling; go(next); },
      o: () => { const list = post?.querySelector(":scope > details.replies"); if (list) list.open = !list.open; },
      "?": help,
    };
    if (byKey[e.key]) { e.preventDefault(); byKey[e.key](); }
  });
}

ready(keys);
