// What a link within the page leads to, beside the link: on hover, on focus, and on the first touch.
function previews() {
  let shown = null, timer = 0, touched = false;
  const hide = () => { clearTimeout(timer); shown?.box.remove(); shown = null; };
  const here = (link) => link.getAttribute("href").startsWith("#") && document.getElementById(link.hash.slice(1));
  const BLOCKS = ".body p, .body li, .body pre, .body blockquote, .body td, .notes li";
  // At a quotation: the passage in its paragraph.  At a passage: what is said of it, after the quotation.
  const said = (target, post) => {
    if (target === post) return [...(post.querySelector(":scope > .body")?.children || [])];
    const block = target.closest(BLOCKS);
    const quotation = target.matches(".source") ? block : null;
    return quotation?.nextElementSibling ? [quotation.nextElementSibling] : block ? [block] : [...(post.querySelector(":scope > .body")?.children || [])];
  };
  const copied = (element) => {
    const clone = element.cloneNode(true);
    for (const each of clone.querySelectorAll(".quoted-by, .passage, .gap, [role=doc-backlink]")) each.remove();
    for (const each of [clone, ...clone.querySelectorAll("[id]")]) each.removeAttribute("id");
    for (const each of clone.querySelectorAll("a, button, summary, [tabindex]")) each.tabIndex = -1;
    return clone.matches("li, td") ? made("p", {}, ...clone.childNodes) : clone;
  };
  const show = (link) => {
    hide();
    const target = here(link);
    const post = target && target.closest("article.post");
    if (!post) return;
    const box = made("div", { className: "preview" });
    box.setAttribute("role", "tooltip");
    const head = made("p", { className: "facts", textContent: post.querySelector("h3").textContent.replace(/\s+/g, " ").trim() });
    box.append(head, made("div", { className: "body" }, ...said(target, post).slice(0, 4).map(copied)));
    document.body.append(box);
    // Above the map and lists, which are above the page.
    if (box.showPopover) { box.popover = "manual"; box.showPopover(); }
    const at = link.getBoundingClientRect(), size = box.getBoundingClientRect();
    const below = at.bottom + size.height + 12 < innerHeight;
    box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - size.width - 8)) + scrollX}px`;
    box.style.top = `${(below ? at.bottom + 6 : Math.max(4, at.top - size.height - 6)) + scrollY}px`;
    shown = { box, link };
  };
  const chosen = ".source a, .source-inline a, .quoted-by a, a.parent, .call a, .quoted-call, #map-list ol a";
  for (const event of ["mouseover", "focusin"]) {
    document.addEventListener(event, (e) => {
      const link = e.target.closest?.(chosen);
      if (touched || !link || !link.hash || !here(link)) return;
      // What a preview shows is not to be shown twice.
      if (link.title) { link.dataset.title = link.title; link.removeAttribute("title"); }
      clearTimeout(timer);
      timer = setTimeout(() => show(link), event === "focusin" ? 0 : link.closest(".map") ? 400 : 180);
    });
  }
  for (const event of ["mouseout", "focusout"]) document.addEventListener(event, (e) => { if (!touched && e.target.closest?.(chosen)) hide(); });
  addEventListener("keydown", (e) => { if (e.key === "Escape") hide(); });
  // A finger does not hover: its first touch shows, its second follows.
  addEventListener("pointerdown", (e) => { touched = e.pointerType === "touch"; }, { capture: true, passive: true });
  document.addEventListener("click", (e) => {
    const link = e.target.closest?.(chosen);
    if (!touched || shown?.link === link) { if (touched) hide(); return; }
    hide();
    if (!link || link.closest(".map") || !here(link)) return;
    e.preventDefault();
    show(link);
  });
}

ready(previews);
