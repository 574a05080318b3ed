// What is new since the reader was last here.  This browser keeps, for each debate, the day and a digest of each post that it has shown; nobody is
// told.  Until the tab is closed, a reload still shows the same as new.
const since = { fresh: new Set(), day: "" };

ready((posts) => {
  if (!posts.length) return;
  const key = `rostra-seen:${location.pathname.replace(/[^/]*$/, "")}`;
  const digest = (id) => {
    let found = 2166136261;
    for (let n = 0; n < id.length; n += 1) found = Math.imul(found ^ id.charCodeAt(n), 16777619);
    return (found >>> 0).toString(36);
  };
  let session = null;
  try { session = sessionStorage.getItem(key); } catch { /* private windows keep nothing */ }
  const last = session ?? store.get(key) ?? "";
  const [day, ...seen] = last.split(" ");
  const known = new Set(seen), here = posts.map((post) => digest(post.id));
  store.set(key, [new Date().toISOString().slice(0, 10), ...new Set([...here, ...(store.get(key) || "").split(" ").slice(1)])].join(" "));
  try { sessionStorage.setItem(key, last); } catch { /* likewise */ }
  // A page of a long debate that was never looked at is not news.
  if (!here.some((each) => known.has(each))) return;
  since.fresh = new Set(posts.filter((post, n) => !known.has(here[n])));
  if (!since.fresh.size) return;
  since.day = new Date(`${day}T12:00:00`).toLocaleDateString(root.lang, { day: "numeric", month: "long", year: "numeric" });
  for (const post of since.fresh) post.querySelector("header").append(made("span", { className: "fresh", title: _("New since %(day)s", { day: since.day }) }, made("span", { className: "unseen", textContent: _("new") })));
  const news = made("div", { className: "news" });
  const go = made("button", { type: "button", className: "plain", textContent: ngettext("%(num)s new post since %(day)s", "%(num)s new posts since %(day)s", since.fresh.size, { day: since.day }) });
  go.addEventListener("click", () => { news.remove(); view.choose("only:new"); walk.go([...since.fresh][0]); });
  const close = made("button", { type: "button", className: "plain", textContent: "×" });
  close.setAttribute("aria-label", _("Close"));
  close.addEventListener("click", () => news.remove());
  news.setAttribute("role", "status");
  news.append(go, close);
  document.body.append(news);
});
