// Comfort only: everything on a page works without scripts.
// These files are parts of one script, in the order of their names, within one function.
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
