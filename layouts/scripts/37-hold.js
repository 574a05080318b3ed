// The reader's place: what is at the top of the window stays there when posts are folded, hidden or laid out anew.  Browsers lose it where a style
// around it changes too, as when a telephone is turned or letters become larger.
const hold = {
  last: null,
  // The part of a post at the top of the window, and how far below it: none at the top of the page.
  mark() {
    const last = scrollY ? walk.seen() : null;
    if (!last) return null;
    const parts = (post) => [...post.querySelectorAll(":scope > header, :scope > .body > *")];
    const seen = (post) => parts(post).find((part) => part.getBoundingClientRect().bottom > 0);
    let part = seen(last) || parts(last).at(-1);
    for (let post = walk.beside(last, -1), found; post && (found = seen(post)); post = walk.beside(post, -1)) part = found;
    return { part, top: part.getBoundingClientRect().top };
  },
  back(mark) {
    // Boxes that are not painted have their former heights.
    chunks.measure();
    if (!mark) return;
    let { part, top } = mark;
    // Of a post that is no longer shown, the nearest one around it.
    for (let post = part.closest("article.post"); !part.checkVisibility(); part = post.querySelector(":scope > header")) {
      post = post.parentElement.closest("article.post");
      if (!post) return;
      top = Math.max(0, top);
    }
    scrollBy({ top: part.getBoundingClientRect().top - top, behavior: "instant" });
  },
  keep(act) {
    const mark = hold.mark();
    act?.();
    hold.back(mark);
  },
};

ready((posts) => {
  if (!posts.length) return;
  const section = document.querySelector("section.posts");
  // Their width and the size of letters; their height alone changes as posts are folded or painted.
  const form = () => `${section.clientWidth} ${getComputedStyle(root).fontSize}`;
  let last = form();
  new ResizeObserver(() => {
    if (last === (last = form())) return;
    hold.back(hold.last);
    walk.changed();
  }).observe(section);
});
