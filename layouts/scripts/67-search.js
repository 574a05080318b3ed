// The search page: Pagefind says which posts, and files of our own what they are and what they are narrowed by.
const RESULTS = 10, EXCERPT = 32, CHOICES = 200;

function search() {
  const form = document.getElementById("search");
  if (!form) return;
  const found = document.querySelector(".found"), list = document.querySelector(".results"), more = document.querySelector(".more");
  if (!location.protocol.startsWith("http")) { found.textContent = _("Search works where the archive is on the web, not from a folder on disk."); return; }
  const { q: input, person, debate, year, order } = form.elements;
  const selects = { person, debate, year };
  const folders = form.dataset.folders.split(" ").filter(Boolean).map((folder) => new URL(form.dataset.base + folder, location.href).pathname);
  const make = (tag, values = {}) => Object.assign(document.createElement(tag), values);
  const once = new Map();
  const json = (address) => {
    if (!once.has(address)) {
      once.set(address, fetch(address).then((answer) => { if (!answer.ok) throw new Error(answer.statusText); return answer.json(); }));
      once.get(address).catch(() => once.delete(address));
    }
    return once.get(address);
  };

  let start = null;
  const started = () => {
    start ??= Promise.all([engine(), facts()]);
    start.catch(() => { start = null; });
    return start;
  };
  async function engine() {
    const { createInstance } = await import(`${folders[0]}pagefind.js`);
    const made = createInstance({ basePath: folders[0], metaCacheTag: "" });
    await Promise.all(folders.slice(1).map((folder) => made.mergeIndex(folder, { metaCacheTag: "" })));
    return made;
  }
  // By the name that a post has in its part of the index; two parts may use one name, so each name has a list.
  async function facts() {
    const posts = new Map();
    const parts = await Promise.all(folders.map((folder) => json(`${folder}facets.json`)));
    for (const [at, part] of parts.entries()) {
      for (const [name, nth, who, day] of part.posts) {
        const [id, title] = part.debates[nth];
        const post = { name, pack: `${folders[at]}posts-${name.slice(name.lastIndexOf("_") + 1).slice(0, part.digits) || "all"}.json`, debate: id, title, person: part.people[who]?.[0] || "", who: part.people[who]?.[1], day, year: day.slice(0, 4) };
        posts.set(name, [...(posts.get(name) || []), post]);
      }
    }
    return posts;
  }
  async function shown(post) { return (await json(post.pack))[post.name]; }

  const cut = (text) => (text.includes("\u200b") ? text.split("\u200b") : text.split(/\s+/));
  async function told(posts, result, term) {
    const all = posts.get(result.id) || [];
    if (all.length < 2 || !term) return all.map((post) => ({ post, words: result.words }));
    const starts = term.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean).map((word) => word.slice(0, 2));
    const fitting = [];
    for (const post of all) {
      const words = cut((await shown(post)).at(-1));
      if (result.words.some((at) => starts.some((start) => words[at]?.toLowerCase().includes(start)))) fitting.push({ post, words: result.words });
    }
    return fitting.slice(0, 1);
  }

  function excerpt(text, positions) {
    const words = cut(text), marked = new Set(positions), joint = text.includes("\u200b") ? "" : " ";
    const sorted = [...marked].sort((a, b) => a - b);
    let best = 0, most = -1;
    for (const at of sorted) {
      const inside = sorted.filter((each) => each >= at && each < at + EXCERPT - 4).length;
      if (inside > most) { most = inside; best = at; }
    }
    const start = Math.max(0, Math.min(best - 4, words.length - EXCERPT)), end = Math.min(words.length, start + EXCERPT);
    const made = make("p", { dir: "auto" });
    if (start) made.append("… ");
    for (let at = start; at < end; at += 1) {
      made.append(marked.has(at) ? make("mark", { textContent: words[at] }) : words[at], joint);
    }
    if (end < words.length) made.append("…");
    return made;
  }
  async function item({ post, words }) {
    const [id, title, anchor, number, who, isNamed, created, when, text] = await shown(post);
    const made = make("li"), head = make("h2"), line = make("p", { className: "facts" });
    head.append(make("a", { href: `${form.dataset.base}debates/${id}/index.html#${anchor}`, textContent: title, dir: "auto" }));
    line.append(who ? make("bdi", { textContent: who }) : _("unnamed"));
    if (!isNamed && who) line.lastChild.className = "unnamed";
    if (when) line.append(" · ", created ? make("time", { dateTime: created, textContent: when }) : when);
    line.append(" · ", _("post %(number)s", { number }));
    made.append(head, line, excerpt(text, words));
    return made;
  }

  // What may be chosen is what the other choices leave, the most frequent first.
  function choices(all) {
    for (const [key, select] of Object.entries(selects)) {
      const counts = new Map(), labels = new Map();
      for (const { post } of all) {
        if (!post[key] || Object.entries(selects).some(([other, each]) => other !== key && each.value && post[other] !== each.value)) continue;
        counts.set(post[key], (counts.get(post[key]) || 0) + 1);
        labels.set(post[key], { debate: post.title, person: post.who, year: post.year }[key]);
      }
      const chosen = select.value, values = [...counts.keys()];
      values.sort(key === "year" ? (a, b) => (a < b) - (a > b) : (a, b) => counts.get(b) - counts.get(a) || (a > b) - (a < b));
      select.replaceChildren(select.options[0], ...values.slice(0, CHOICES).map((value) => make("option", { value, textContent: `${labels.get(value)} (${counts.get(value)})` })));
      if (chosen && !values.slice(0, CHOICES).includes(chosen)) select.append(make("option", { value: chosen, textContent: labels.get(chosen) || chosen }));
      select.value = chosen;
    }
  }

  let turn = 0;
  async function act() {
    const mine = ++turn, term = input.value.trim(), chosen = Object.entries(selects).filter(([, select]) => select.value);
    const asked = new URLSearchParams(Object.entries({ q: term, person: person.value, debate: debate.value, year: year.value, order: order.value }).filter(([, value]) => value));
    history.replaceState(history.state, "", asked.size ? `?${asked}` : location.pathname);
    more.hidden = true;
    if (!folders.length || (!term && !chosen.length)) { list.replaceChildren(); found.textContent = ""; return; }
    found.textContent = _("Searching …");
    try {
      const [pagefind, posts] = await started();
      const answer = await pagefind.search(term || null);
      const seen = new Set(), all = [];
      for (const result of answer.results) {
        if (seen.has(result.id) && !term) continue;
        seen.add(result.id);
        all.push(...await told(posts, result, term));
      }
      if (mine !== turn) return;
      choices(all);
      const results = all.filter(({ post }) => chosen.every(([key, select]) => post[key] === select.value));
      if (order.value || !term) {
        const way = order.value === "new" ? -1 : 1;
        results.sort((a, b) => !a.post.day - !b.post.day || way * ((a.post.day > b.post.day) - (a.post.day < b.post.day)));
      }
      let at = 0;
      const add = async () => {
        const items = await Promise.all(results.slice(at, at + RESULTS).map(item));
        if (mine !== turn) return;
        if (at) list.append(...items); else list.replaceChildren(...items);
        if (at) items[0]?.querySelector("a").focus();
        at += items.length;
        more.hidden = at >= results.length;
      };
      await add();
      more.onclick = add;
      if (mine === turn) found.textContent = ngettext("%(num)s post", "%(num)s posts", results.length);
    } catch {
      if (mine === turn) found.textContent = _("The search could not be carried out.");
    }
  }

  order.append(make("option", { value: "new", textContent: _("Newest first") }), make("option", { value: "old", textContent: _("Oldest first") }));
  const asked = new URLSearchParams(location.search);
  input.value = asked.get("q") || "";
  order.value = asked.get("order") || "";
  for (const [key, select] of Object.entries(selects)) {
    const value = asked.get(key);
    if (value) { select.append(make("option", { value, textContent: value })); select.value = value; }
  }
  form.querySelector("details").open = [person, debate, year, order].some((each) => each.value);
  let timer = 0;
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(act, 250); });
  input.addEventListener("focus", () => { if (folders.length) started().catch(() => {}); }, { once: true });
  form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); act(); });
  for (const select of [...Object.values(selects), order]) select.addEventListener("change", act);
  act();
}

// Where nothing was found, the words of the address are asked for.
function lost() {
  const form = document.querySelector(".lost .ask");
  if (!form) return;
  const base = new URL(form.action).pathname.replace(/[^/]*$/, ""), own = ["debates", "people", "tags", "years", "places", "index", "html"];
  let asked = location.pathname.startsWith(base) ? location.pathname.slice(base.length) : location.pathname;
  try { asked = decodeURIComponent(asked); } catch { /* what is no text is asked for as it stands */ }
  form.elements.q.value = asked.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 2 && !own.includes(word)).join(" ");
}

ready(search);
ready(lost);
