// Comfort only: everything on a page works without scripts.
// These files are parts of one script, in the order of their names, within one function.
// WORDS and PLURAL stand before them: the words of the site's language for what is said in `_` and `ngettext` here.
function filled(text, values) { return text.replace(/%\((\w+)\)s|%%/g, (place, name) => (name ? values[name] : "%")); }
function _(message, values = {}) { return filled(WORDS[message] ?? message, values); }
function ngettext(one, many, num, values = {}) {
  const said = WORDS[one]?.[PLURAL(num)] ?? (num === 1 ? one : many);
  return filled(said, { num: num.toLocaleString(`${document.documentElement.lang}-u-nu-latn`), ...values });
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
function say(text) {
  status.textContent = text;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { status.textContent = ""; }, 2500);
}

// What is to be done when the page is there: acts are called in their order, with the posts of the page.
const acts = [];
function ready(act) { acts.push(act); }
document.addEventListener("DOMContentLoaded", () => {
  document.body.append(status);
  const posts = [...document.querySelectorAll("article.post")];
  for (const act of acts) act(posts);
});
