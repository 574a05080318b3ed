// Posts far from what is seen are not painted: a browser would look at each of a thousand in every frame.  Posts that lie below each other share a
// box, since browsers watch each box; it has its own height, so that nothing moves when its posts are painted.
const chunks = {
  SIZE: 12,
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
  if (posts.length < 4 * chunks.SIZE || !CSS.supports("content-visibility: auto") || !CSS.supports("overflow-clip-margin: 1px")) return;
  const left = new Map(), target = document.querySelector(":target");
  // How many posts of a list are in no box after its posts, each with those below it that are in none, were put into boxes.
  const divide = (list) => {
    const own = [...list.children].filter((child) => left.has(child));
    let run = [], count = 0;
    for (const post of own) {
      run.push(post);
      count += left.get(post);
      if (count < chunks.SIZE) continue;
      if (run.length === own.length && list.matches(".inside")) list.classList.add("chunk");
      // A browser forgets the target when it is moved.
      else if (!run.some((each) => each.contains(target))) {
        const box = made("div", { className: "chunk" });
        run[0].before(box);
        box.append(...run);
      }
      [run, count] = [[], 0];
    }
    return count;
  };
  for (const post of [...posts].reverse()) {
    const list = post.querySelector(":scope > .replies > .inside");
    left.set(post, 1 + (list ? divide(list) : 0));
  }
  divide(document.querySelector("section.posts"));
  chunks.boxes = [...document.querySelectorAll(".chunk")];
  document.addEventListener("contentvisibilityautostatechange", (event) => {
    chunks.skipped[event.skipped ? "add" : "delete"](event.target);
    // Which post the reader is at may have been asked before the box was painted.
    walk.look();
  });
  chunks.measure = () => {
    clearTimeout(soon.timer);
    soon.timer = 0;
    for (const box of chunks.boxes) box.classList.remove("measured");
    const heights = chunks.boxes.map((box) => box.getBoundingClientRect().height);
    chunks.boxes.forEach((box, n) => { box.style.setProperty("--tall", `${heights[n]}px`); box.classList.add("measured"); });
  };
  const soon = () => { soon.timer ||= setTimeout(hold.keep, 150); };
  const changed = walk.changed;
  walk.changed = () => { changed(); soon(); };
  document.addEventListener("toggle", (event) => { if (event.target.matches(".replies, .folded, .revision")) soon(); }, true);
  document.fonts.ready.then(soon);
});
