// How the debate is shown is in the address, so that it can be linked: `#show=level:2&order=time`.
const view = {
  read(key) { return /^#(?:show|order)=/.test(location.hash) ? new URLSearchParams(location.hash.slice(1)).get(key) || "" : ""; },
  write(key, value) {
    const all = new URLSearchParams({ show: view.read("show"), order: view.read("order"), [key]: value });
    for (const each of ["show", "order"]) if (!all.get(each)) all.delete(each);
    history.replaceState(history.state, "", all.size ? `#${all}` : location.pathname + location.search);
  },
  choose() {},
};

ready(() => {
  const key = `rostra-folds:${location.pathname}`;
  const folded = new Set((store.get(key) || "").split(" ").filter(Boolean));
  const lists = [...document.querySelectorAll("details.replies")];
  const inner = lists.filter((list) => list.parentElement.parentElement.closest("details.replies"));
  const button = document.querySelector("button[data-act=fold]");
  if (!button) return;
  const pressed = () => {
    button.setAttribute("aria-pressed", String(inner.length > 0 && !inner.some((list) => list.open)));
  };
  for (const list of lists) if (folded.has(list.parentElement.id)) list.open = false;
  // `toggle` does not bubble, but it can be caught on its way down.
  document.addEventListener("toggle", ({ target: list }) => {
    if (!list.matches?.("details.replies")) return;
    const id = list.parentElement.id;
    if (list.open) folded.delete(id); else folded.add(id);
    clearTimeout(pressed.timer);
    pressed.timer = setTimeout(() => { store.set(key, [...folded].join(" ")); pressed(); });
  }, true);
  buttons.fold = () => {
    const open = inner.some((list) => list.open);
    view.choose(open ? "level:1" : "");
    announce(open ? _("Replies collapsed") : _("Replies expanded"));
  };
  const reveal = () => {
    const target = aimed();
    if (!target) return;
    let moved = false;
    for (let list = target.closest("details:not([open])"); list; list = list.parentElement.closest("details:not([open])")) { list.open = true; moved = true; }
    if (moved) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();
  pressed();
});

// On paper nothing is folded; what the reader had folded is folded again afterwards.
ready(() => {
  let shut = [];
  addEventListener("beforeprint", () => {
    shut = [...document.querySelectorAll(":is(details.replies, .body > details):not([open])")];
    for (const list of shut) list.open = true;
  });
  addEventListener("afterprint", () => { for (const list of shut) list.open = false; });
});
