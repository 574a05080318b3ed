// Parts of a debate: replies to a depth, one person's posts with what they answer, what quotes or is quoted.
// The choice is in the address, so that it can be linked: `#show=level:2`, `#show=only:quotes`, `#show=person:Ada`.
ready((posts) => {
  const select = document.querySelector("select.show");
  if (!select) return;
  const who = (post) => post.querySelector(":scope > header .p-author")?.textContent.trim();
  const people = new Map();
  for (const post of posts) if (who(post)) people.set(who(post), (people.get(who(post)) || 0) + 1);
  for (const [name, count] of [...people].sort((a, b) => b[1] - a[1]).slice(0, 30)) {
    select.append(made("option", { value: `person:${name}`, textContent: _("%(who)s, with the posts that they reply to", { who: name }) }));
  }
  const parent = (post) => {
    const href = walk.answered(post)?.getAttribute("href");
    return href?.startsWith("#") ? document.getElementById(href.slice(1)) : null;
  };
  const wanted = {
    quotes: (post) => post.querySelector(":scope > .body :is(.quoted-by, .source, .source-inline) :is(a, button)"),
    person: (name) => (post) => who(post) === name,
  };
  const show = (value) => {
    const level = Number(value.match(/^level:(\d)$/)?.[1] || 0);
    const is = value === "only:quotes" ? wanted.quotes : value.startsWith("person:") ? wanted.person(value.slice(7)) : null;
    const kept = new Set();
    for (const post of is ? posts.filter(is) : []) for (let at = post; at && !kept.has(at); at = parent(at)) kept.add(at);
    for (const post of posts) post.hidden = Boolean(is) && !kept.has(post) && ![...post.querySelectorAll("article.post")].some((each) => kept.has(each));
    if (level || is) {
      for (const list of document.querySelectorAll("details.replies")) {
        let depth = 1;
        for (let at = list.parentElement.parentElement.closest("details.replies"); at; at = at.parentElement.closest("details.replies")) depth += 1;
        list.open = !level || depth <= level;
      }
    }
    walk.changed();
  };
  walk.reveal = () => { select.value = ""; show(""); };
  const asked = () => {
    const value = fragment().match(/^show=(.*)$/)?.[1];
    if (value === undefined || ![...select.options].some((option) => option.value === value)) return;
    select.value = value;
    show(value);
  };
  select.addEventListener("change", () => {
    history.replaceState(history.state, "", select.value ? `#show=${encodeURIComponent(select.value)}` : location.pathname + location.search);
    if (!select.value) for (const list of document.querySelectorAll("details.replies")) list.open = true;
    show(select.value);
    const seen = posts.filter((post) => !post.hidden && !walk.folded(post)).length;
    announce(ngettext("%(num)s post shown", "%(num)s posts shown", seen));
  });
  addEventListener("hashchange", () => { if (aimed()?.closest("article.post[hidden]")) { walk.reveal(); aimed().scrollIntoView(); } asked(); });
  asked();
});
