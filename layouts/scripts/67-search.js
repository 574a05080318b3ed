// The search page: a worker says which posts; here they are shown, and what they are narrowed by.
const RESULTS = 10;

function search() {
  const form = document.getElementById("search");
  if (!form || !location.protocol.startsWith("http") || !window.Worker || !window.WebAssembly) return;
  const found = document.querySelector(".found"), list = document.querySelector(".results"), more = document.querySelector(".more"), named = document.querySelector(".named");
  const { q: input, person, debate, year, place, order, quotations } = form.elements;
  const selects = { person, debate, year, place };
  const shelves = Number(form.dataset.shelves), own = Number(form.dataset.own);
  const whole = (path) => new URL((form.dataset.base + path) || ".", location.href).href;
  form.hidden = false;
  if (location.hash === "#ask") input.focus();
  document.querySelector(".instead").hidden = true;

  // Questions to the worker, and who waits for each answer.
  let worker = null, count = 0;
  const waiting = new Map();
  function begin() {
    if (worker) return worker;
    worker = new Worker(whole(form.dataset.worker), { type: "module" });
    worker.addEventListener("message", ({ data: { number, result, failed } }) => {
      const { resolve, reject } = waiting.get(number);
      waiting.delete(number);
      if (failed) reject(new Error(failed)); else resolve(result);
    });
    worker.addEventListener("error", () => { for (const { reject } of waiting.values()) reject(new Error("worker")); waiting.clear(); worker = null; });
    worker.postMessage({ setting: { base: whole(""), engine: whole(form.dataset.engine), bundles: Number(form.dataset.bundles) } });
    return worker;
  }
  const ask = (question) => new Promise((resolve, reject) => {
    count += 1;
    waiting.set(count, { resolve, reject });
    begin().postMessage({ number: count, question });
  });

  const pieces = (some) => some.map(([text, isMarked]) => (isMarked ? made("mark", { textContent: text }) : text));
  // The address of a post that leads to it with the words that were found.
  function address({ debate: id, post, words }) {
    const page = new URL(whole(`debates/${id}/index.html`));
    for (const word of words) page.searchParams.append("found", word);
    page.hash = post;
    return page.href;
  }
  // Who wrote a post, when, and which one it is; the last leads there where nothing else does.
  function facts({ at, who, named: isNamed, created, when }, link = null) {
    const name = who ? made("bdi", { textContent: who, className: isNamed ? "" : "unnamed" }) : _("unnamed");
    const number = _("post %(number)s", { number: at });
    return dotted([name, ...(when ? [created ? made("time", { dateTime: created, textContent: when }) : when] : []), link ? made("a", { href: link, textContent: number }) : number]);
  }
  const passage = ({ pieces: said, before, after }) => made("p", { className: "passage", dir: "auto" }, before ? "… " : "", ...pieces(said), after ? " …" : "");
  function item(hit) {
    const { debate: id, title, also, more: left } = hit;
    const entry = made("li", {}, made("h2", {}, made("a", { href: address(hit), dir: "auto" }, ...pieces(title))), facts(hit), passage(hit));
    if (also.length) entry.append(made("ul", { className: "also" }, ...also.map((each) => made("li", {}, facts(each, address(each)), passage(each)))));
    if (left) {
      const others = made("button", { type: "button", className: "plain", textContent: ngettext("%(num)s more post in this debate", "%(num)s more posts in this debate", left) });
      others.addEventListener("click", () => { choose(debate, id, title.map(([said]) => said).join("")); form.querySelector("details").open = true; act(); });
      entry.append(made("p", { className: "facts" }, others));
    }
    return entry;
  }
  function people(names) {
    const page = (key, posts) => whole(shelves && posts < own ? sharedPage(key, shelves) : `people/${key}.html`);
    named.replaceChildren(...names.map(({ key, name, posts }) => made("li", {},
      made("a", { href: page(key, posts), textContent: name, dir: "auto" }),
      made("span", { className: "facts" }, " · ", ngettext("%(num)s post", "%(num)s posts", posts)))));
  }
  // Choose a value of a select that may not have it yet.
  function choose(select, value, label) {
    if (![...select.options].some((each) => each.value === value)) select.append(made("option", { value, textContent: label }));
    select.value = value;
  }
  function choices(all) {
    for (const [key, select] of Object.entries(selects)) {
      const [any] = select.options, [chosen] = select.selectedOptions, { value } = select;
      const some = all[key].map(([each, label, posts]) => made("option", { value: each, textContent: `${label} (${posts})` }));
      if (value && !all[key].some(([each]) => each === value)) some.push(chosen);
      select.replaceChildren(any, ...some);
      select.value = value;
    }
  }

  // What is said above the results: how many posts, and of which words where they are not those that were asked for.
  function tell(result, asked) {
    if (result.empty) return found.replaceChildren(_("Enter a word to search for."));
    const posts = (number) => ngettext("%(num)s post", "%(num)s posts", number);
    if (result.instead) {
      return found.replaceChildren(_("No post has “%(words)s”. Results for “%(others)s”: %(posts)s", { words: asked, others: result.instead, posts: posts(result.exact) }));
    }
    const longer = result.others ? ngettext("%(num)s with a longer word", "%(num)s with longer words", result.others) : "";
    found.replaceChildren([result.exact || !longer ? posts(result.exact) : "", longer].filter(Boolean).join(", "));
  }

  let turn = 0;
  async function act() {
    const mine = ++turn, term = input.value.trim(), chosen = Object.fromEntries(Object.entries(selects).map(([key, select]) => [key, select.value]));
    const asked = new URLSearchParams(Object.entries({ q: term, ...chosen, order: order.value, quotations: quotations.checked ? "1" : "" }).filter(([, value]) => value));
    history.replaceState(history.state, "", asked.size ? `?${asked}` : location.pathname);
    more.hidden = true;
    if (!term && !Object.values(chosen).some(Boolean)) { list.replaceChildren(); named.replaceChildren(); found.textContent = ""; return; }
    found.textContent = _("Searching …");
    try {
      const question = { q: term, quotes: quotations.checked, chosen, order: order.value, from: 0, count: RESULTS };
      const add = async () => {
        const result = await ask(question);
        if (mine !== turn) return;
        const items = result.items.map(item);
        if (question.from) list.append(...items); else { list.replaceChildren(...items); people(result.names); choices(result.choices); }
        tell(result, term);
        if (question.from) items[0]?.querySelector("a").focus();
        question.from += items.length;
        more.hidden = !result.left;
      };
      await add();
      more.onclick = () => add().catch(failed);
    } catch { failed(); }
    function failed() { if (mine === turn) found.textContent = _("The search failed."); }
  }

  order.append(made("option", { value: "new", textContent: _("Newest first") }), made("option", { value: "old", textContent: _("Oldest first") }));
  const asked = new URLSearchParams(location.search);
  input.value = asked.get("q") || "";
  order.value = asked.get("order") || "";
  quotations.checked = asked.has("quotations");
  for (const [key, select] of Object.entries(selects)) {
    const value = asked.get(key);
    if (value) choose(select, value, value);
  }
  form.querySelector("details").open = quotations.checked || [...Object.values(selects), order].some((each) => each.value);
  let timer = 0;
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(act, 250); });
  form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); act(); });
  for (const control of [...Object.values(selects), order, quotations]) control.addEventListener("change", act);
  // Who opens this page searches: what every question needs is fetched while the words are typed, and the first number
  // is formatted, which takes longest.
  begin();
  ngettext("%(num)s post", "%(num)s posts", 0);
  act();
}

// On the page that a result leads to, the words that were found are marked; the address is then as it is cited.
function marked() {
  const here = new URL(location.href), words = here.searchParams.getAll("found").filter(Boolean);
  if (!words.length) return;
  here.searchParams.delete("found");
  history.replaceState(history.state, "", here.pathname + here.search + here.hash);
  if (!window.Highlight || !CSS.highlights) return;
  // A text may have soft hyphens, which what was found has not.
  const signs = words.map((word) => [...word].map((sign) => (/\s/.test(sign) ? "\\s+" : sign.replace(/[.*+?^${}()|[\]\\]/, "\\$&"))).join("\\u00ad*"));
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${signs.join("|")})(?![\\p{L}\\p{N}])|[\\u3040-\\u9fff]+`, "giu");
  const exact = new RegExp(signs.join("|"), "giu"), ranges = [];
  for (const body of document.querySelectorAll("article.post .body, article.post .notes, h1")) {
    const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const node = texts.currentNode;
      for (const run of node.data.matchAll(pattern)) {
        for (const word of run[0].matchAll(exact)) {
          const range = new Range();
          range.setStart(node, run.index + word.index);
          range.setEnd(node, run.index + word.index + word[0].length);
          ranges.push(range);
        }
      }
    }
  }
  CSS.highlights.set("found", new Highlight(...ranges));
  root.classList.add("marked");
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

// `/` leads to the field: the one of this page, or that of the search page.
function seek() {
  const field = document.querySelector(".ask input[type=search]"), way = document.querySelector('header.site a[href$="search.html"]');
  if (field?.offsetParent) { field.focus(); field.select(); } else if (way) location.href = `${way.href}#ask`;
}
function slash() {
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented || store.get("rostra-keys") === "off") return;
    if (event.target.closest?.("input, textarea, select, dialog, [contenteditable]")) return;
    event.preventDefault();
    seek();
  });
}

ready(search);
ready(marked);
ready(lost);
ready(slash);
