// Each key, what it is for, and what it does.
const KEYS = [
  ["j", _("next post"), walk.ways.next],
  ["k", _("previous post"), walk.ways.previous],
  ["p", _("the parent post"), walk.ways.parent],
  ["n", _("next reply to the same post"), walk.ways.sibling],
  ["N", _("the previous one"), walk.ways.elder],
  ["o", _("collapse or expand the replies to this post"), () => { const list = walk.current()?.querySelector(":scope > details.replies"); if (list) list.open = !list.open; }],
  ["O", _("collapse or expand all replies"), () => buttons.fold?.()],
  ["t", _("order of time or of replies"), () => buttons.time?.()],
  ["c", _("cite"), () => walk.current()?.querySelector(":scope > header a.cite")?.click()],
  ["/", _("search"), seek],
  ["?", _("list of shortcuts"), () => buttons.keys()],
];

ready((posts) => {
  if (!posts.length) return;
  const off = () => store.get("rostra-keys") === "off";
  buttons.keys = () => {
    const list = made("dl");
    for (const [key, text] of KEYS) {
      if (key === "t" && !buttons.time) continue;
      list.append(made("dt", {}, made("kbd", { textContent: key })), made("dd", { textContent: text }));
    }
    const box = made("dialog", { className: "box help" }, made("h2", { textContent: _("Keyboard shortcuts") }), list);
    const turn = made("button", { type: "button", className: "plain" });
    const label = () => { turn.textContent = off() ? _("Turn shortcuts on") : _("Turn shortcuts off"); };
    turn.addEventListener("click", () => { store.set("rostra-keys", off() ? "on" : "off"); label(); });
    label();
    const close = made("button", { type: "button", className: "plain", textContent: _("Close") });
    close.addEventListener("click", () => box.close());
    box.append(turn, " ", close);
    box.setAttribute("aria-label", _("Keyboard shortcuts"));
    box.addEventListener("close", () => box.remove());
    document.body.append(box);
    box.showModal();
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented || off()) return;
    if (event.target.closest?.("input, textarea, select, dialog, [contenteditable]")) return;
    const act = KEYS.find(([key]) => key === event.key)?.[2];
    if (act) { event.preventDefault(); act(); }
  });
});
