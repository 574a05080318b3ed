// What a link leads to, beside the link: on hover, on focus, and on the first touch.  Passages of this page are in it; those of
// other debates come from a small file beside each, on a server.
function previews() {
  let shown = null, timer = 0, touched = false, leave = () => {};
  // The pointer may cross from the link to its preview, and rest on it (WCAG 1.4.13).
  const isOn = (element) => shown && (shown.box.contains(element) || shown.link.contains(element));
  const hide = () => { clearTimeout(timer); leave(); shown?.box.remove(); shown = null; };
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
  const inPage = (link) => {
    const target = here(link);
    const post = target && target.closest("article.post");
    return post && { who: [...post.querySelectorAll("h3 > :not(.mark)")].map((each) => each.textContent.trim()).join(" "), parts: said(target, post).slice(0, 4).map(copied) };
  };
  // Of other debates: which file has the passage, and what the files say that were asked for.
  const files = new Map();
  const away = (link) => location.protocol.startsWith("http") && /\/debates\/[^/]+\/(?:index\.html)?$/.test(link.pathname) && /^#p-.+-[sq]\d+$/.test(link.hash)
    ? new URL("thread.previews.json", link.href).href : "";
  const elsewhere = async (link) => {
    const file = away(link);
    if (!files.has(file)) files.set(file, fetch(file).then((answer) => (answer.ok ? answer.json() : {})).catch(() => ({})));
    const found = (await files.get(file))[decodeURIComponent(link.hash.slice(1))];
    if (!found) return null;
    return { who: found.who, parts: [...new DOMParser().parseFromString(found.html, "text/html").body.childNodes] };
  };
  const show = async (link) => {
    hide();
    let left = false;
    leave = () => { left = true; };
    const found = here(link) ? inPage(link) : await elsewhere(link);
    if (!found && touched && !left) location.href = link.href;
    if (!found || left) return;
    const box = made("div", { className: "preview" });
    box.setAttribute("role", "tooltip");
    box.append(made("p", { className: "facts", textContent: found.who }), made("div", { className: "body" }, ...found.parts));
    document.body.append(box);
    // Above the map and lists, which are above the page.
    if (box.showPopover) { box.popover = "manual"; box.showPopover(); }
    const at = link.getBoundingClientRect(), size = box.getBoundingClientRect();
    // Below or above the link, or beside the map: what can be pointed at must not lie over the entries and buttons of the map.
    const below = at.bottom + size.height + 12 < innerHeight;
    const map = link.closest(".map"), edge = map && getComputedStyle(map).position === "sticky" ? map.getBoundingClientRect() : null;
    const along = !edge ? at.left : edge.left > innerWidth / 2 ? edge.left - size.width - 8 : edge.right + 8;
    const top = edge ? Math.min(at.top, innerHeight - size.height - 8) : below ? at.bottom + 6 : at.top - size.height - 6;
    box.style.left = `${Math.max(8, Math.min(along, innerWidth - size.width - 8)) + scrollX}px`;
    box.style.top = `${Math.max(4, top) + scrollY}px`;
    shown = { box, link };
  };
  const chosen = ".source a, .source-inline a, .quoted-by a, a.parent, .call a, .quoted-call, #map-list ol a";
  for (const event of ["mouseover", "focusin"]) {
    document.addEventListener(event, (e) => {
      const link = e.target.closest?.(chosen);
      if (isOn(e.target)) clearTimeout(timer);
      if (touched || isOn(e.target) || !link || !link.hash || !(here(link) || away(link))) return;
      // What a preview shows is not to be shown twice.
      if (link.title) { link.dataset.title = link.title; link.removeAttribute("title"); }
      clearTimeout(timer);
      timer = setTimeout(() => show(link), event === "focusin" ? 0 : link.closest(".map") ? 400 : 180);
    });
  }
  document.addEventListener("mouseout", (e) => {
    if (touched || !(isOn(e.target) || e.target.closest?.(chosen))) return;
    clearTimeout(timer);
    if (shown) timer = setTimeout(hide, 250); else hide();
  });
  document.addEventListener("focusout", (e) => { if (!touched && e.target.closest?.(chosen) && !shown?.box.matches(":hover")) hide(); });
  addEventListener("keydown", (e) => { if (e.key === "Escape") hide(); });
  // A finger does not hover: its first touch shows, its second follows.
  addEventListener("pointerdown", (e) => { touched = e.pointerType === "touch"; }, { capture: true, passive: true });
  document.addEventListener("click", (e) => {
    const link = e.target.closest?.(chosen);
    if (shown?.box.contains(e.target)) return;
    if (!touched || shown?.link === link) { if (touched) hide(); return; }
    hide();
    if (!link || link.closest(".map") || !(here(link) || away(link))) return;
    e.preventDefault();
    show(link);
  });
}

ready(previews);
