// Notes in the margin begin beside the line that calls them.  A float of a note's height beside its call keeps its place free among what
// else is in the margin; the note itself stays where it is in the text and is laid over it.  Notes that are much higher than their post would stand
// beside later ones: they stay below it.
const LOWER = 160;

const margin = { align() {} };

// Media queries do not know how large a reader made the letters of this page.
ready(() => {
  const main = document.querySelector("main.margin"), wide = matchMedia("(min-width: 79rem)");
  if (!main) return;
  new ResizeObserver(() => {
    const fits = !wide.matches || main.clientWidth >= 56 * parseFloat(getComputedStyle(root).fontSize);
    if (main.classList.contains("margin") === fits) return;
    main.classList.toggle("margin", fits);
    margin.align();
  }).observe(main);
});

ready((posts) => {
  const lists = posts.map((post) => post.querySelector(":scope > .notes")).filter(Boolean);
  if (!lists.length) return;
  // Whether there is a margin is for the style to say.
  const isWide = () => getComputedStyle(lists[0]).getPropertyValue("--beside") !== "";
  const places = new Map();
  for (const list of lists) {
    const post = list.parentElement, body = post.querySelector(":scope > .body");
    for (const note of list.querySelectorAll("li")) {
      const call = body?.querySelector(`a[href="#${CSS.escape(note.id)}"]`);
      const place = made("span", { className: "beside" });
      const within = call?.closest("pre, table") || call?.closest(".call") || call;
      if (within) within.before(place); else body?.append(place);
      places.set(note, place);
    }
  }
  const align = () => {
    const wide = isWide();
    for (const list of lists) { list.classList.toggle("placed", wide); list.classList.remove("below"); }
    for (const place of places.values()) place.hidden = true;
    if (!wide) return;
    const heights = new Map([...places.keys()].map((note) => [note, note.offsetHeight]));
    const below = lists.filter((list) => {
      const together = [...list.querySelectorAll("li")].reduce((sum, note) => sum + heights.get(note), 0);
      return together > (list.parentElement.querySelector(":scope > .body")?.offsetHeight || 0) + LOWER;
    });
    for (const list of below) { list.classList.remove("placed"); list.classList.add("below"); }
    const notes = [...places].filter(([note]) => note.closest(".placed"));
    for (const [note, place] of notes) { place.hidden = false; place.style.height = `${heights.get(note)}px`; }
    const tops = notes.map(([note, place]) => place.getBoundingClientRect().top - note.closest("article.post").getBoundingClientRect().top);
    notes.forEach(([note], n) => { note.style.top = `${tops[n]}px`; });
  };
  const soon = () => { clearTimeout(align.timer); align.timer = setTimeout(align, 100); };
  margin.align = align;
  align();
  document.fonts?.ready.then(align);
  addEventListener("resize", soon);
  document.addEventListener("toggle", soon, true);
});
