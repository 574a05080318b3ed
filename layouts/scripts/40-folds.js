function folds(posts) {
  const key = `rostra-folds:${location.pathname}`;
  const folded = new Set((store.get(key) || "").split(" ").filter(Boolean));
  for (const post of posts) {
    const list = post.querySelector(":scope > details.replies");
    if (!list) continue;
    if (folded.has(post.id)) list.open = false;
    list.addEventListener("toggle", () => {
      if (list.open) folded.delete(post.id); else folded.add(post.id);
      store.set(key, [...folded].join(" "));
    });
  }
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    let moved = false;
    for (let list = target.closest("details:not([open])"); list; list = list.parentElement.closest("details:not([open])")) { list.open = true; moved = true; }
    if (moved) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();
}

ready(folds);
