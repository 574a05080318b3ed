// Passages: the stretch of a post that has most of what was asked for, with its marks.
const PASSAGE = 260, BEFORE = 40;
const JOINED = /(?<!\p{L})\p{L}+(?:[-\u2010\u2011]\p{L}+){1,3}/gu;

// Where the units occur in a text as a tier finds them: [start, end, number of the unit].
function marks(text, asked, tier) {
  const parts = [...text.matchAll(WORD)].map((found) => ({ start: found.index, end: found.index + found[0].length, word: folded(found[0]) }));
  const same = (word, term) => word === term, alike = [same, (word, term) => word.startsWith(term), (word, term) => word.includes(term)][Math.min(tier, 2)];
  const joined = [...text.matchAll(JOINED)].map(({ 0: whole, index }) => ({ start: index, end: index + whole.length, word: folded(whole.replace(/\P{L}/gu, "")) }));
  const lower = text.toLowerCase(), found = [];
  for (const [number, unit] of asked.entries()) {
    if (unit.unspaced || unit.code) {
      const term = unit.text.toLowerCase().replace(/[()]+$/, ""), before = found.length;
      for (let start = lower.indexOf(term); start >= 0 && lower.length === text.length; start = lower.indexOf(term, start + term.length)) found.push([start, start + term.length, number]);
      if (found.length > before || unit.unspaced) continue;
    }
    const last = unit.words.length - 1;
    for (let at = 0; at + last < parts.length; at += 1) {
      if (unit.words.every((term, n) => (n < last || unit.phrase ? same : alike)(parts[at + n].word, term))) found.push([parts[at].start, parts[at + last].end, number]);
    }
    for (const { start, end, word } of last ? [] : joined) if (alike(word, unit.words[0])) found.push([start, end, number]);
  }
  return found.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
}
function passage(text, found) {
  let near = 0, most = 0;
  for (const [at, [start]] of found.entries()) {
    const kinds = new Set();
    let count = 0;
    for (let n = at; n < found.length && found[n][1] - start <= PASSAGE - BEFORE; n += 1) { kinds.add(found[n][2]); count += 1; }
    if (kinds.size * 1000 + count > most) { most = kinds.size * 1000 + count; near = start; }
  }
  let start = Math.max(0, Math.min(near - BEFORE, text.length - PASSAGE)), end = Math.min(text.length, start + PASSAGE);
  // It is cut between words where one ends soon, and never within a character.
  const space = text.indexOf(" ", start), lastSpace = text.lastIndexOf(" ", end);
  if (start && space >= 0 && space < near) start = space + 1;
  if (end < text.length && lastSpace > end - BEFORE) end = lastSpace;
  const isLowSurrogate = (at) => text.charCodeAt(at) >>> 10 === 0x37;
  if (isLowSurrogate(start)) start += 1;
  if (isLowSurrogate(end)) end -= 1;
  return { pieces: pieces(text, found, start, end), before: start > 0, after: end < text.length };
}
// A stretch of a text cut at its marks: each piece with whether it is marked.
function pieces(text, found, start = 0, end = text.length) {
  const some = [];
  let at = start;
  for (const [from, to] of found) {
    if (from < at || to > end) continue;
    if (from > at) some.push([text.slice(at, from), false]);
    some.push([text.slice(from, to), true]);
    at = to;
  }
  if (at < end) some.push([text.slice(at, end), false]);
  return some;
}

// What is shown of groups: if there are fewer than `count`, other posts of theirs have the places that are left.
async function shown(groups, count, asked, quotes) {
  const others = groups.map(({ best, hits }) => hits.filter((hit) => hit !== best).sort(byRank));
  const also = new Set(others.flatMap((some) => some.slice(0, count)).sort(byRank).slice(0, count - groups.length));
  return Promise.all(groups.map(async ({ best }, at) => {
    const beside = others[at].filter((hit) => also.has(hit));
    const [item, ...more] = await Promise.all([best, ...beside].map((hit) => result(hit, asked, quotes)));
    return { ...item, also: more, more: others[at].length - more.length };
  }));
}
async function result(hit, asked, quotes) {
  const [post, at, who, named, created, when, own, quoted] = await hit.shard.text(hit.post), { id, title } = debateOf(hit);
  let text = own, found = marks(own, asked, hit.tier);
  if (quotes && !found.length) {
    const others = marks(quoted, asked, hit.tier);
    if (others.length) [text, found] = [quoted, others];
  }
  const marked = [...new Set(found.map(([start, end]) => text.slice(start, end)))].slice(0, MOST_UNITS);
  return { debate: id, title: pieces(title, marks(title, asked, hit.tier)), post, at, who, named, created, when, words: marked, ...passage(text || quoted, found) };
}
