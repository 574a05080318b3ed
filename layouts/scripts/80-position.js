function position(posts) {
  if (!posts.length) return;
  const links = new Map([...document.querySelectorAll(".map a")].map((link) => [link.hash.slice(1), link]));
  const map = document.querySelector(".map");
  let last = null;
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      const link = links.get(entry.target.closest("article.post").id);
      if (!link || link === last) continue;
      last?.removeAttribute("aria-current");
      link.setAttribute("aria-current", "true");
      last = link;
      if (getComputedStyle(map).position === "sticky") {
        const top = link.offsetTop - map.clientHeight / 2;
        if (Math.abs(map.scrollTop - top) > map.clientHeight / 3) map.scrollTop = top;
      }
    }
  }, { rootMargin: "0px 0px -75% 0px" });
  for (const post of posts) seen.observe(post.querySelector(":scope > header"));
}

ready(position);
