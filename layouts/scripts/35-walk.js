// Where the reader is in the debate, and the ways from there.
const walk = {
  posts: [],
  at: null,
  folded: (post) => post.parentElement.closest("details.replies:not([open])"),
  reveal() {},
  current() {
    const held = walk.held();
    // At the top of the page the reader is before the first post.
    if (!held && !scrollY) return null;
    return held || (walk.at && !walk.folded(walk.at) ? walk.at : null);
  },
  // The post that has the focus, or that the address names, while its beginning is in the window.
  held() {
    return [document.activeElement, aimed()].map((each) => each?.closest?.("article.post")).find((post) => {
      const top = post && !walk.folded(post) ? post.getBoundingClientRect().top : -1;
      return top >= 0 && top < innerHeight;
    });
  },
  // The next post in an order that no fold hides, this way or that.
  beside(post, step) {
    for (let n = walk.posts.indexOf(post) + step; n >= 0 && n < walk.posts.length; n += step) {
      if (!walk.folded(walk.posts[n]) && !walk.posts[n].closest("[hidden]")) return walk.posts[n];
    }
    return null;
  },
  answered: (post) => post?.querySelector(":scope > header a.parent"),
  siblings(post) {
    const href = walk.answered(post)?.getAttribute("href");
    return walk.reading.filter((each) => walk.answered(each)?.getAttribute("href") === href);
  },
  go(post) {
    if (!post) return;
    if (post.closest("[hidden]")) walk.reveal();
    for (let list = walk.folded(post); list; list = walk.folded(post)) list.open = true;
    post.querySelector("a.permalink").focus({ preventScroll: true });
    post.scrollIntoView();
    walk.here(post);
  },
  // To a post in this page, or to the page on which it is.
  follow(link) {
    if (!link) return;
    const post = link.getAttribute("href").startsWith("#") && document.getElementById(link.hash.slice(1));
    if (post) walk.go(post); else location.href = link.href;
  },
  here(post) { walk.at = post; },
  // The first post that begins in the upper quarter of the window, or the last one above it.
  seen() { return null; },
  changed() {},
  look() {},
  ways: {
    next() {
      const post = walk.current();
      const next = walk.beside(post, 1);
      if (next) walk.go(next); else walk.follow(document.querySelector("a[rel=next]"));
    },
    previous() {
      const post = walk.current();
      const last = post && walk.beside(post, -1);
      if (last || !post) walk.go(last || walk.posts[0]); else walk.follow(document.querySelector("a[rel=prev]"));
    },
    parent: () => walk.follow(walk.answered(walk.current())),
    sibling() { const post = walk.current(), all = post ? walk.siblings(post) : []; walk.go(all[all.indexOf(post) + 1]); },
    elder() { const post = walk.current(), all = post ? walk.siblings(post) : []; walk.go(all[all.indexOf(post) - 1]); },
  },
};

ready((posts) => {
  if (!posts.length) return;
  walk.reading = walk.posts = posts;
  const map = document.querySelector(".map");
  const list = map.querySelector("#map-list");
  const links = new Map([...map.querySelectorAll("#map-list ol a")].reverse().map((link) => [link.hash.slice(1), link]));
  const sign = map.querySelector(".at");
  const words = sign?.dataset.words;
  let marked = null;
  // The map follows when the reader rests: to paint it is as much work as to paint the posts.
  const follow = () => {
    const link = links.get(walk.at.id);
    if (link === marked) return;
    marked?.removeAttribute("aria-current");
    link?.setAttribute("aria-current", "true");
    marked = link;
    if (link && getComputedStyle(map).position === "sticky") {
      const top = link.getBoundingClientRect().top - map.getBoundingClientRect().top + map.scrollTop - map.clientHeight / 2;
      if (Math.abs(map.scrollTop - top) > map.clientHeight / 3) map.scrollTop = top;
    }
  };
  walk.here = (post) => {
    if (post === walk.at) return;
    walk.at = post;
    if (sign) sign.textContent = words.replace("%n", post.querySelector("h3 .number").textContent);
    clearTimeout(follow.timer);
    follow.timer = setTimeout(follow, 200);
  };
  // Posts that no fold hides lie below each other, so the reader's is found by halving: long pages are not asked post by post.
  let open = null;
  walk.seen = () => {
    open ??= walk.posts.filter((post) => !walk.folded(post) && !post.closest("[hidden]"));
    const top = (n) => chunks.seen(open[n]).getBoundingClientRect().top;
    let low = 0, high = open.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (top(middle) < 0) low = middle + 1; else high = middle;
    }
    return (low < open.length && top(low) < innerHeight / 4 ? open[low] : open[low - 1]) || null;
  };
  const look = () => {
    look.timer = 0;
    const post = walk.held() || walk.seen();
    if (post) walk.here(post);
    hold.last = hold.mark();
  };
  const soon = () => { look.timer ||= setTimeout(look, 150); };
  walk.look = soon;
  walk.changed = () => { open = null; soon(); };
  addEventListener("scroll", soon, { passive: true });
  document.addEventListener("toggle", walk.changed, true);
  soon();
  map.addEventListener("click", (event) => {
    if (list?.matches(":popover-open") && event.target.closest("#map-list a")) list.hidePopover();
    const way = event.target.closest("[data-walk]")?.dataset.walk;
    if (way) walk.ways[way]();
  });
});
