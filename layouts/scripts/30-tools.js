function tools(posts) {
  const bar = Object.assign(document.createElement("div"), { className: "tools" });
  const button = (label, act) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "plain", textContent: label });
    made.addEventListener("click", () => act(made));
    bar.append(made);
    return made;
  };
  const names = { "": _("Theme: system"), light: _("Theme: light"), dark: _("Theme: dark") };
  button(names[root.dataset.theme || ""], (made) => {
    const next = { "": "dark", dark: "light", light: "" }[root.dataset.theme || ""];
    if (next) root.dataset.theme = next; else delete root.dataset.theme;
    store.set("rostra-theme", next);
    made.textContent = names[next];
  });
  if (posts.length) {
    button(_("Fold answers"), () => {
      const lists = [...document.querySelectorAll("details.replies")];
      const open = lists.some((list) => list.open && list.parentElement.parentElement.closest("details.replies"));
      for (const list of lists) list.open = !open || !list.parentElement.parentElement.closest("details.replies");
      say(open ? _("Folded to the first answers") : _("Everything unfolded"));
    });
    button(_("Keys"), () => help());
  }
  document.querySelector("header.site").append(bar);
}

ready(tools);
