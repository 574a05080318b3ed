// Posts far from what is seen are not painted: a browser would look at each of a thousand in every frame.  Posts that lie below each other share a
// box, since browsers watch each box; it has its own height, so that nothing moves when its posts are painted.
const chunks = {
  // How many posts a box has at least, and at most if no post is below another: what a browser does in the frame in which a box comes near grows
  // with its posts, and what it does in every frame with the number of boxes.
  LEAST: 6,
  MOST: 10,
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
  if (posts.length < 8 * chunks.LEAST || !CSS.supports("content-visibility: auto") || !CSS.supports("overflow-clip-margin: 1px")) return;
  const left = new Map(), target = document.querySelector(":target");
  const box = (run) => {
    // A browser forgets the target when it is moved.
    if (run.some((each) => each.contains(target))) return;
    const found = made("div", { className: "chunk" });
    run[0].before(found);
    found.append(...run);
  };
  // How many posts of a list are in no box after its posts, each with those below it that are in none, were put into boxes.  Few that are all of a
  // list go into a box with what is around them: boxes within boxes come near in the same frame.
  const divide = (list) => {
    const own = [...list.children].filter((child) => left.has(child));
    const all = own.reduce((sum, post) => sum + left.get(post), 0);
    if (list.matches(".inside") && all <= chunks.MOST) {
      if (all < chunks.MOST) return all;
      list.classList.add("chunk");
      return 0;
    }
    let run = [], count = 0;
    for (const post of own) {
      if (count >= chunks.LEAST / 2 && count + left.get(post) > chunks.MOST) { box(run); [run, count] = [[], 0]; }
      run.push(post);
      count += left.get(post);
      if (count >= chunks.LEAST) { box(run); [run, count] = [[], 0]; }
    }
    return count;
  };
  for (const post of [...posts].reverse()) {
    const list = post.querySelector(":scope > .replies > .inside");
    left.set(post, 1 + (list ? divide(list) : 0));
  }
  divide(document.querySelector("section.posts"));
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
