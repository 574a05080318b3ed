// Posts far from what is seen are not painted: a browser would look at each of a thousand in every frame.  Posts that lie below each other share a
// box, and boxes share a larger one, since browsers watch each box that is not within an unpainted one; it has its own height, so that nothing moves
// when its posts are painted.
const chunks = {
  // How many posts a box has at least, and at most if no post is below another, and how many boxes a larger one has: what a browser does in the frame
  // in which a box comes near grows with its posts, and what it does in every frame with the number of boxes.
  SIZES: [[4, 6], [10, 16]],
  // How many posts a page has at least that is divided.
  LEAST: 48,
  // How many entries a part of the map has.
  ENTRIES: 50,
  boxes: [],
  skipped: new Set(),
  measure() {},
  // The outermost box around a post that is not painted, or the post.
  seen(post) {
    let found = post;
    for (let box = post.closest(".chunk"); box; box = box.parentElement.closest(".chunk")) if (chunks.skipped.has(box)) found = box;
    return found;
  },
};

ready((posts) => {
  if (posts.length < chunks.LEAST || !CSS.supports("content-visibility: auto") || !CSS.supports("overflow-clip-margin: 1px")) return;
  const target = document.querySelector(":target");
  const box = (run) => {
    // A browser forgets the target when it is moved.
    if (run.some((each) => each.contains(target))) return;
    const found = made("div", { className: "chunk" });
    run[0].before(found);
    found.append(...run);
  };
  chunks.SIZES.forEach(([least, most], larger) => {
    // How many posts, or boxes, are below a post and in no box of this size.
    const left = new Map();
    const count = (child) => {
      if (!child.matches(".chunk")) return left.get(child) || 0;
      return [...child.children].reduce((sum, post) => sum + left.get(post), 1);
    };
    // Puts what is in a list into boxes, and returns how much is left, with what is below it.  Few that are all of a list go into a box with what is
    // around them: boxes within boxes come near in the same frame.
    const divide = (list) => {
      const own = [...list.children].map((child) => [child, count(child)]).filter(([child]) => child.matches(".chunk, article.post"));
      const all = own.reduce((sum, [, each]) => sum + each, 0);
      if (list.matches(".inside") && all <= most) {
        if (all < most || larger) return all;
        list.classList.add("chunk");
        return 0;
      }
      let run = [], sum = 0;
      for (const [child, each] of own) {
        if (sum >= least / 2 && sum + each > most) { box(run); [run, sum] = [[], 0]; }
        run.push(child);
        sum += each;
        if (sum >= least) { box(run); [run, sum] = [[], 0]; }
      }
      return sum;
    };
    for (const post of [...posts].reverse()) {
      const list = post.querySelector(":scope > .replies > .inside");
      left.set(post, (larger ? 0 : 1) + (list ? divide(list) + (larger && list.matches(".chunk") ? 1 : 0) : 0));
    }
    divide(document.querySelector("section.posts"));
  });
  // The map of a long debate is several lists, each a box.
  const list = document.querySelector("#map-list > ol"), entries = [...(list?.children || [])];
  for (let n = chunks.ENTRIES, before = list; n < entries.length; n += chunks.ENTRIES) {
    const next = made("ol", {}, ...entries.slice(n, n + chunks.ENTRIES));
    before.after(next);
    before = next;
  }
  const parts = entries.length > chunks.ENTRIES ? document.querySelectorAll("#map-list > ol") : [];
  chunks.boxes = [...document.querySelectorAll(".chunk"), ...parts];
  document.addEventListener("contentvisibilityautostatechange", (event) => {
    if (!event.target.matches(".chunk")) return;
    chunks.skipped[event.skipped ? "add" : "delete"](event.target);
    // Which post the reader is at may have been asked before the box was painted.
    walk.look();
  });
  chunks.measure = () => {
    clearTimeout(soon.timer);
    soon.timer = 0;
    for (const box of chunks.boxes) box.classList.remove("measured");
    const heights = chunks.boxes.map((box) => box.getBoundingClientRect().height);
    // What is not shown, as the map on a telephone, has no height to keep.
    chunks.boxes.forEach((box, n) => {
      if (!heights[n]) return;
      // Not a property of ours: what is in a box inherits those, so that all of it would be styled anew when it comes near.
      box.style.containIntrinsicSize = `none ${heights[n]}px`;
      box.classList.add("measured");
    });
  };
  const soon = () => { soon.timer ||= setTimeout(hold.keep, 150); };
  const changed = walk.changed;
  walk.changed = () => { changed(); soon(); };
  document.addEventListener("toggle", (event) => { if (event.target.matches(".replies, .folded, .revision")) soon(); }, true);
  document.fonts.ready.then(soon);
});
