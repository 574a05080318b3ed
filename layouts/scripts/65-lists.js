// Lists that are longer than a page: all of it is sorted and filtered here, from an index that is fetched when it is wanted.
const SHOWN = 200;

function plainly(text) { return text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase(); }

function lists() {
  const place = document.querySelector(".sift");
  const shown = document.querySelector("main .rows");
  if (!place || !location.protocol.startsWith("http")) return;
  const make = (tag, values = {}) => Object.assign(document.createElement(tag), values);
  const form = make("form");
  form.setAttribute("role", "search");
  const field = (label, control) => {
    const box = make("div");
    control.id = `sift-${form.children.length}`;
    box.append(make("label", { textContent: label, htmlFor: control.id }), control);
    form.append(box);
    return control;
  };
  const input = field(_("Filter"), make("input", { type: "search", autocomplete: "off", spellcheck: false, name: "q" }));
  const order = field(_("Order"), make("select"));
  const people = place.dataset.index.endsWith("people/list-");
  for (const [value, label] of [["title", people ? _("By name") : _("By title")], ["-size", _("Most posts first")], ["size", _("Fewest posts first")], ["-date", _("Newest first")], ["date", _("Oldest first")]]) {
    order.append(make("option", { value, textContent: label }));
  }
  const first = { title: "title", date: "-date", size: "-size" }[place.dataset.order];
  order.value = first;
  const found = make("p", { className: "facts found" });
  found.setAttribute("role", "status");
  place.append(form, found);
  const rest = [...document.querySelectorAll(".jumps, .paging")];
  const list = make("div", { className: "rows", hidden: true });
  const more = make("button", { type: "button", className: "plain", hidden: true });
  shown.after(list, more);

  let rows = null;
  async function fetched() {
    const part = async (number) => {
      const answer = await fetch(`${place.dataset.index}${number}.json`);
      if (!answer.ok) throw new Error(answer.statusText);
      return answer.json();
    };
    const one = await part(1);
    const all = [one, ...await Promise.all(Array.from({ length: one.of - 1 }, (each, n) => part(n + 2)))];
    return all.flatMap((each) => each.rows).map(([href, title, facts, size, date, about], at) => ({ href, title, facts, size, date, at, plain: plainly(`${title} ${about}`) }));
  }

  let turn = 0;
  async function act() {
    const mine = ++turn, words = plainly(input.value).split(/\s+/).filter(Boolean);
    const whole = !words.length && order.value === first;
    shown.hidden = !whole;
    list.hidden = whole;
    for (const each of rest) each.hidden = !whole;
    more.hidden = true;
    if (whole) { found.textContent = ""; return; }
    try { rows ??= fetched(); await rows; } catch { rows = null; found.textContent = _("The list could not be loaded."); return; }
    if (mine !== turn) return;
    const key = order.value.replace("-", ""), way = order.value.startsWith("-") ? -1 : 1;
    const chosen = (await rows).filter((row) => words.every((word) => row.plain.includes(word)));
    if (key === "size") chosen.sort((a, b) => way * (a.size - b.size) || a.at - b.at);
    // What carries no date stands last, whichever way.
    if (key === "date") chosen.sort((a, b) => !a.date - !b.date || way * ((a.date > b.date) - (a.date < b.date)) || a.at - b.at);
    found.textContent = people ? ngettext("%(num)s person", "%(num)s people", chosen.length) : ngettext("%(num)s debate", "%(num)s debates", chosen.length);
    const items = make("ul");
    list.replaceChildren(items);
    const add = () => {
      const from = items.children.length;
      for (const row of chosen.slice(from, from + SHOWN)) {
        const item = make("li"), link = make("a", { href: place.dataset.base + row.href, textContent: row.title, dir: "auto" });
        item.append(link, dotted(row.facts.split(" · ")));
        items.append(item);
      }
      const left = chosen.length - items.children.length;
      more.hidden = !left;
      more.textContent = ngettext("%(num)s more", "%(num)s more", left);
      if (from) items.children[from]?.querySelector("a").focus();
    };
    more.onclick = add;
    add();
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("input", act);
  order.addEventListener("change", act);
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) { input.value = asked; act(); }
}

ready(lists);
