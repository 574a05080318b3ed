function previews() {
  let shown = null, timer = 0;
  const hide = () => { clearTimeout(timer); shown?.remove(); shown = null; };
  const here = (link) => link.getAttribute("href").startsWith("#") && document.getElementById(link.hash.slice(1));
  const show = (link) => {
    hide();
    const target = here(link);
    const post = target && target.closest("article.post");
    if (!post) return;
    const box = made("div", { className: "preview" });
    box.setAttribute("role", "tooltip");
    const head = made("p", { className: "facts", textContent: post.querySelector("h3").textContent.replace(/\s+/g, " ").trim() });
    const block = target.closest(".body p, .body li, .body pre, .body blockquote, .notes li");
    const body = made("p", { textContent: (block || post.querySelector(".body") || head).textContent.replace(/\s+/g, " ").replace(/❞\d*|↩[\ufe0e\ufe0f]?\s*$/g, "").trim().slice(0, 480) });
    box.append(head, body);
    document.body.append(box);
    const at = link.getBoundingClientRect(), size = box.getBoundingClientRect();
    const below = at.bottom + size.height + 12 < innerHeight;
    box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8)) + scrollX}px`;
    box.style.top = `${(below ? at.bottom + 6 : at.top - size.height - 6) + scrollY}px`;
    shown = box;
  };
  const chosen = ".source a, .source-inline a, .quoted-by a, a.parent, .call a, .quoted-call, .map ol a";
  for (const event of ["mouseover", "focusin"]) {
    document.addEventListener(event, (e) => {
      const link = e.target.closest?.(chosen);
      if (!link || !link.hash || !here(link)) return;
      // What a preview shows is not to be shown twice.
      if (link.title) { link.dataset.title = link.title; link.removeAttribute("title"); }
      clearTimeout(timer);
      timer = setTimeout(() => show(link), event === "focusin" ? 0 : link.closest(".map") ? 400 : 180);
    });
  }
  for (const event of ["mouseout", "focusout"]) document.addEventListener(event, (e) => { if (e.target.closest?.(chosen)) hide(); });
  addEventListener("keydown", (e) => { if (e.key === "Escape") hide(); });
}

ready(previews);
