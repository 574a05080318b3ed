ready(() => {
  const button = document.querySelector("button[data-act=theme]");
  if (!button) return;
  const names = { "": _("Theme: system"), light: _("Theme: light"), dark: _("Theme: dark") };
  const label = () => {
    button.title = names[root.dataset.theme || ""];
    button.setAttribute("aria-label", button.title);
  };
  buttons.theme = () => {
    const next = { "": "dark", dark: "light", light: "" }[root.dataset.theme || ""];
    if (next) root.dataset.theme = next; else delete root.dataset.theme;
    store.set("rostra-theme", next);
    label();
    announce(button.title);
  };
  label();
});
