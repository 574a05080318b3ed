// Finding posts that have every unit, tier after tier: exactly, then as the beginning of a word, then within words.  Of each
// tier, `VARIANTS` has how many words that contain one are looked for, since each may be in another part of the index.
const EXACT = 0, LONGER = 1, VARIANTS = [0, 0, 4, 16, 64], PREFIX = 3, NAMES = 5;
const K1 = 1.2, B = 0.75, NO_DAY = -(2 ** 31);
const said = (text) => `"${text.replaceAll('"', '""')}"`;
const byCode = (a, b) => (a > b) - (a < b);

function expression(unit, tier, columns, variants) {
  if (tier === EXACT && unit.code) return `code : ${said(unit.code)}`;
  const isOneSign = unit.unspaced && [...unit.text].length === 1;
  const longer = isOneSign || (tier !== EXACT && unit.stem.length >= PREFIX);
  const forms = [`${said(unit.indexed)}${longer ? " *" : ""}`, ...variants.map(said)];
  return `(${forms.map((form) => `${columns} : ${form}`).join(" OR ")})`;
}

// The posts of all shards that have the units, with their scores, and how many have each unit.
async function matched(all, asked, tier, quotes, variants) {
  // Words that hyphens join are also, as one word, among those of code.
  const columns = quotes ? "{title text code quoted}" : "{title text code}";
  const parts = asked.map((unit, at) => expression(unit, tier, columns, variants[at]));
  const phrases = asked.flatMap((_, at) => Array(1 + variants[at].length).fill(at));
  const answers = await Promise.all(all.map(async (shard) => {
    // Counting is quick, so it fetches the parts; ranking then runs once.
    const counts = await shard.ask(parts.map((part) => () => countOf(shard, part)));
    const [hits] = counts.every(Boolean) ? await shard.ask([() => postsThat(shard, parts.join(" AND "), phrases)]) : [[]];
    return { hits, counts };
  }));
  const hits = answers.flatMap((answer) => answer.hits);
  const counts = asked.map((_, at) => answers.reduce((sum, answer) => sum + answer.counts[at], 0));
  score(hits, counts, all);
  return { hits, counts };
}

// Okapi BM25 over all shards.
function score(hits, counts, all) {
  const posts = all.reduce((sum, shard) => sum + shard.posts, 0), mean = all.reduce((sum, shard) => sum + shard.words, 0) / (posts || 1);
  const weights = counts.map((count) => Math.log(1 + (posts - count + 0.5) / (count + 0.5)));
  for (const hit of hits) {
    const length = K1 * (1 - B + (B * hit.shard.length[hit.post - 1]) / (mean || 1));
    let left = hit.often;
    for (const weight of weights) {
      const often = left % (MOST_TIMES + 1);
      hit.score += (weight * often * (K1 + 1)) / (often + length);
      left = Math.floor(left / (MOST_TIMES + 1));
    }
  }
}

// The people whose name has every unit: first those of whom it is the whole name, then those with more posts.
async function persons(all, asked) {
  if (!asked.length || asked.some((unit) => unit.code && !unit.stem)) return [];
  const match = asked.map((unit, at) => `name : ${said(unit.indexed)}${at === asked.length - 1 && unit.stem.length >= PREFIX ? " *" : ""}`).join(" AND ");
  const found = new Map(), whole = asked.flatMap((unit) => unit.words).join(" ");
  for (const [some] of await Promise.all(all.map((shard) => shard.ask([() => peopleThat(shard, match)])))) {
    for (const { key, name, posts } of some) {
      const before = found.get(key) ?? { name, most: posts, posts: 0 };
      found.set(key, { key, name: posts > before.most ? name : before.name, most: Math.max(posts, before.most), posts: before.posts + posts });
    }
  }
  const isWhole = ({ name }) => words(name).join(" ") === whole;
  const best = [...found.values()].sort((a, b) => isWhole(b) - isWhole(a) || b.posts - a.posts || byCode(a.key, b.key));
  return best.slice(0, NAMES).map(({ key, name, posts }) => ({ key, name, posts }));
}

const debateOf = ({ shard, post }) => shard.threads[shard.thread[post - 1]];
const dayOf = ({ shard, post }) => shard.day[post - 1];
// The order of hits: by tier and score; of equal ones, the latest.
const byRank = (a, b) => a.tier - b.tier || b.score - a.score || dayOf(b) - dayOf(a) || byCode(debateOf(a).id, debateOf(b).id) || a.post - b.post;
const undatedLast = (a, b) => (dayOf(a) === NO_DAY) - (dayOf(b) === NO_DAY);
const ORDERS = {
  "": byRank,
  new: (a, b) => undatedLast(a, b) || dayOf(b) - dayOf(a) || byRank(a, b),
  old: (a, b) => undatedLast(a, b) || dayOf(a) - dayOf(b) || byRank(a, b),
};

// All that a question finds, tier after tier until there is enough.
class Finding {
  constructor(all, asked, quotes) { Object.assign(this, { all, asked, quotes, hits: [], seen: new Map(), tier: 0 }); }

  // Add the hits of the next tier, and return whether there was one.
  async more() {
    if (this.tier === (this.asked.length ? VARIANTS.length : 1)) return false;
    const tier = this.tier;
    this.tier += 1;
    for (const hit of this.asked.length ? await this.hitsOf(tier) : this.everything()) {
      const seen = this.seen.get(hit.shard) ?? new Uint8Array(hit.shard.posts + 1);
      if (seen[hit.post]) continue;
      seen[hit.post] = 1;
      this.seen.set(hit.shard, seen);
      hit.tier = tier;
      this.hits.push(hit);
    }
    return true;
  }
  // Words of code are found without their signs only if nobody wrote them with these.
  async hitsOf(tier) {
    const code = this.asked.filter((unit) => unit.code);
    if (tier !== EXACT && code.length && (this.hits.length || code.some((unit) => unit.stem.length < PREFIX))) return [];
    const most = VARIANTS[tier], variants = await Promise.all(this.asked.map((unit) => (most ? containing(this.all, unit, most) : [])));
    if (most && !variants.some((some) => some.length > VARIANTS[tier - 1])) return [];
    return (await matched(this.all, this.asked, tier, this.quotes, variants)).hits;
  }
  everything() {
    return this.all.flatMap((shard) => Array.from({ length: shard.posts }, (_, at) => ({ shard, post: at + 1, often: 0, score: 0, tier: 0 })));
  }
}

// Find until there are more groups than `from + count`, and return them in their order.
async function enough(finding, { chosen, order, from, count }) {
  for (;;) {
    const groups = grouped(finding.hits.filter(suiting(chosen)), chosen, ORDERS[order]);
    if (groups.length > from + count || !(await finding.more())) return groups;
  }
}
// The hits of each debate with the best one first; in one debate that is chosen, each is a group.
function grouped(hits, chosen, order) {
  if (chosen.debate) return hits.sort(order).map((hit) => ({ best: hit, hits: [hit] }));
  const groups = new Map();
  for (const hit of hits) {
    const debate = debateOf(hit), group = groups.get(debate);
    if (!group) { groups.set(debate, { best: hit, hits: [hit] }); continue; }
    group.hits.push(hit);
    if (order(hit, group.best) < 0) group.best = hit;
  }
  return [...groups.values()].sort((a, b) => order(a.best, b.best));
}
