// Parts of a debate: replies to a depth, one person's posts with what they answer, what quotes or is quoted, what is new.
// `#show=level:2`, `#show=only:quotes`, `#show=only:new`, `#show=person:Ada`.
ready((posts) => {
  if (!posts.length) return;
  const select = document.querySelector("select.show");
  const who = (post) => post.querySelector(":scope > header .p-author")?.textContent.trim();
  const people = new Map();
  for (const post of select ? posts : []) if (who(post)) people.set(who(post), (people.get(who(post)) || 0) + 1);
  const add = (value, textContent) => select?.append(made("option", { value, textContent }));
  const addPerson = (name) => add(`person:${name}`, _("%(who)s, with the posts that they reply to", { who: name }));
  if (since.fresh.size) add("only:new", _("New since %(day)s", { day: since.day }));
  for (const [name] of [...people].sort((a, b) => b[1] - a[1]).slice(0, 30)) addPerson(name);
  const parent = (post) => {
    const href = walk.answered(post)?.getAttribute("href");
    return href?.startsWith("#") ? document.getElementById(href.slice(1)) : null;
  };
  const wanted = {
    "only:quotes": (post) => post.querySelector(":scope > .body :is(.quoted-by, .source, .source-inline) :is(a, button)"),
    "only:new": (post) => since.fresh.has(post),
  };
  const filter = (value) => wanted[value] || (value.startsWith("person:") ? (post) => who(post) === value.slice(7) : null);
  let shown = "";
  const show = (value) => {
    shown = value;
    const level = Number(value.match(/^level:(\d+)$/)?.[1] || 0), is = filter(value);
    const kept = new Set();
    for (const post of is ? posts.filter(is) : []) for (let at = post; at && !kept.has(at); at = parent(at)) kept.add(at);
    // A post that is not shown stays open around one that is.
    const around = new Set(kept);
    for (const post of kept) for (let at = post.parentElement.closest("article.post"); at && !around.has(at); at = at.parentElement.closest("article.post")) around.add(at);
    for (const post of posts) post.hidden = Boolean(is) && !around.has(post);
    const depths = new Map();
    for (const list of document.querySelectorAll("details.replies")) {
      const depth = (depths.get(list.parentElement.parentElement.closest("details.replies")) || 0) + 1;
      depths.set(list, depth);
      list.open = !level || depth <= level;
    }
    if (select) {
      if (value.startsWith("person:") && ![...select.options].some((option) => option.value === value)) addPerson(value.slice(7));
      select.value = value;
    }
    walk.changed();
  };
  view.choose = (value) => { view.write("show", value); hold.keep(() => show(value)); };
  walk.reveal = () => { if (view.read("show")) view.write("show", ""); show(""); };
  // Only what can be shown: an address that names nobody of the debate shows everything.
  const asked = () => {
    const value = view.read("show");
    if (/^level:[1-9]\d*$/.test(value) || (filter(value) && posts.some(filter(value)))) show(value);
    else if (!location.hash && shown) show("");
  };
  select?.addEventListener("change", () => {
    view.choose(select.value);
    const seen = posts.filter((post) => !post.hidden && !walk.folded(post)).length;
    announce(ngettext("%(num)s post shown", "%(num)s posts shown", seen));
  });
  addEventListener("hashchange", () => { if (aimed()?.closest("article.post[hidden]")) { walk.reveal(); aimed().scrollIntoView(); } asked(); });
  asked();
});
