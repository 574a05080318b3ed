// A link to the words that are selected: a text fragment (WICG, URL Fragment Text Directives).
const encoded = (text) => encodeURIComponent(text).replace(/-/g, "%2D");
const SIGNS = ".quoted-by, .source-inline, .call";
const BLOCK = "p, li, pre, td, th, h4, h5, h6, dd, dt, blockquote, footer, .body";

// Runs of the words that are selected; browsers look for one in one block, and signs of ours stand between.
function runs(range) {
  const inside = range.commonAncestorContainer;
  const walker = document.createTreeWalker(inside.nodeType === 3 ? inside.parentNode : inside, NodeFilter.SHOW_TEXT);
  const found = [];
  let block = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!range.intersectsNode(node)) continue;
    if (node.parentElement.closest(SIGNS)) { block = null; continue; }
    const own = node.parentElement.closest(BLOCK);
    const from = node === range.startContainer ? range.startOffset : 0;
    const to = node === range.endContainer ? range.endOffset : node.length;
    if (own === block) found[found.length - 1] += node.data.slice(from, to);
    else if (node.data.slice(from, to).trim()) { found.push(node.data.slice(from, to)); block = own; }
  }
  return found.map((run) => run.replace(/\s+/g, " ").trim()).filter(Boolean);
}

// Whole words only: nothing else is found by a browser.
function whole(range) {
  const letter = /[\p{L}\p{N}\p{M}]/u;
  const { startContainer: start, endContainer: end } = range;
  if (start.nodeType === 3) while (range.startOffset > 0 && letter.test(start.data[range.startOffset - 1] || "") && letter.test(start.data[range.startOffset] || "")) range.setStart(start, range.startOffset - 1);
  if (end.nodeType === 3) while (range.endOffset < end.length && letter.test(end.data[range.endOffset] || "") && letter.test(end.data[range.endOffset - 1] || "")) range.setEnd(end, range.endOffset + 1);
  return range;
}

// The words just before, in whatever block they stand; none where a sign of ours is between.
function wordsBefore(post, range) {
  const walker = document.createTreeWalker(post, NodeFilter.SHOW_TEXT);
  let last = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = (node === range.startContainer ? node.data.slice(0, range.startOffset) : node.data).replace(/\s+/g, " ").trim();
    if (text) last = node.parentElement.closest(SIGNS) ? "" : text;
    if (node === range.startContainer) break;
  }
  return last;
}

function passage(post, selected) {
  const found = runs(whole(selected.cloneRange()));
  if (!found.length) return "";
  const words = (text, from, to) => text.split(" ").slice(from, to).join(" ");
  const one = found.length === 1 && found[0].length <= 200;
  const start = one ? found[0] : words(found[0], 0, 6);
  const end = one ? "" : words(found[found.length - 1], -6);
  let before = "";
  const lead = document.createRange();
  lead.selectNodeContents(document.querySelector("main"));
  lead.setEnd(selected.startContainer, selected.startOffset);
  // Where the same words stand earlier, those just before them tell which are meant.
  if (lead.toString().replace(/\s+/g, " ").includes(start)) {
    const last = wordsBefore(post, selected);
    if (last) before = `${encoded(words(last, -5))}-,`;
  }
  return `${permalink(post)}:~:text=${before}${encoded(start)}${end ? `,${encoded(end)}` : ""}`;
}

ready((posts) => {
  if (!posts.length) return;
  const offer = made("button", { type: "button", className: "plain offer", textContent: _("Link to this passage"), hidden: true });
  document.body.append(offer);
  let selected = null, post = null;
  document.addEventListener("selectionchange", () => {
    clearTimeout(offer.timer);
    offer.timer = setTimeout(() => {
      const selection = getSelection();
      selected = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
      const node = selected?.commonAncestorContainer;
      post = (node?.nodeType === 3 ? node.parentElement : node)?.closest?.(".body, .notes")?.closest("article.post");
      offer.hidden = !post;
      if (!post) return;
      const at = selected.getBoundingClientRect();
      offer.style.left = `${Math.max(8, Math.min(at.left, innerWidth - offer.offsetWidth - 8)) + scrollX}px`;
      offer.style.top = `${at.bottom + scrollY + 8}px`;
    }, 150);
  });
  offer.addEventListener("pointerdown", (event) => event.preventDefault());
  offer.addEventListener("click", () => {
    const link = post && passage(post, selected);
    if (link) copy(link, _("Link to the passage copied"));
    offer.hidden = true;
  });
});
