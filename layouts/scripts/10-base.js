// Comfort only: everything on a page works without scripts.
// These files are parts of one script, in the order of their names, within one function.
// WORDS and PLURAL stand before them: the words of the site's language for what is said in `_` and `ngettext` here.
function filled(text, values) { return text.replace(/%\((\w+)\)s|%%/g, (place, name) => (name ? values[name] : "%")); }
function _(message, values = {}) { return filled(WORDS[message] ?? message, values); }
function ngettext(one, many, num, values = {}) {
  const said = WORDS[one]?.[PLURAL(num)] ?? (num === 1 ? one : many);
  ngettext.numbers ??= new Intl.NumberFormat(`${document.documentElement.lang}-u-nu-latn`);
  return filled(said, { num: ngettext.numbers.format(num), ...values });
}

const store = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, value); } catch { /* private windows keep nothing */ } },
};
const root = document.documentElement;
const theme = store.get("rostra-theme");
if (theme) root.dataset.theme = theme;

const status = Object.assign(document.createElement("div"), { className: "status" });
status.setAttribute("role", "status");
function announce(text) {
  status.textContent = text;
  clearTimeout(announce.timer);
  announce.timer = setTimeout(() => { status.textContent = ""; }, 2500);
}

// An element with its properties and what stands in it.
function made(name, properties, ...inside) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...inside);
  return element;
}
// A line of facts, each with its dot before it.
function dotted(facts) {
  return made("p", { className: "facts dotted" }, ...facts.flatMap((fact, n) => [n ? " " : "", made("span", { className: "fact" }, n ? made("span", { className: "dot", textContent: "· " }) : "", fact)]));
}
function copy(text, said) {
  navigator.clipboard?.writeText(text).then(() => announce(said), () => announce(_("The browser does not allow copying")));
}

// The buttons of a page stand in its HTML, so that nothing moves when the script comes; each names its act.
const buttons = {};
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[data-act]");
  if (button) buttons[button.dataset.act]?.(button);
});

// What is to be done when the page is there: acts are called in their order, with the posts of the page.
const acts = [];
function ready(act) { acts.push(act); }
document.addEventListener("DOMContentLoaded", () => {
  document.body.append(status);
  const posts = [...document.querySelectorAll("article.post")];
  for (const act of acts) act(posts);
});
