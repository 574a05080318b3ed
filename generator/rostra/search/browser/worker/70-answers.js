// Questions of the page.  The last one is kept, for what is asked of it next.
let last = { key: null };

async function answer(question) {
  const all = await shards(), { q, quotes, chosen, from, count } = question, key = JSON.stringify([q, quotes]);
  if (last.key !== key) {
    const finding = new Finding(all, units(q), quotes);
    last = { key, finding, names: persons(all, finding.asked), instead: null };
    last.names.catch(() => {});
  }
  if (q.trim() && !last.finding.asked.length) {
    return { items: [], exact: 0, others: 0, left: false, names: [], instead: null, choices: choices([], {}), empty: true };
  }
  let groups = await enough(last.finding, question);
  const names = await last.names;
  if (last.instead === null) {
    last.instead = last.finding.hits.length || names.length ? "" : await corrected(all, last.finding.asked, quotes);
    const nearer = last.instead && new Finding(all, units(last.instead), quotes);
    const others = nearer ? await enough(nearer, question) : [];
    if (others.length) [last.finding, groups] = [nearer, others]; else last.instead = "";
  }
  const { hits, asked } = last.finding, suited = hits.filter(suiting(chosen)), exact = suited.filter((hit) => hit.tier === EXACT).length;
  return {
    items: await shown(groups.slice(from, from + count), count, asked, quotes),
    exact, others: suited.length - exact, left: groups.length > from + count,
    names, instead: last.instead || null, choices: choices(hits, chosen), empty: false,
  };
}
// The question with the nearest words instead of those that no post has; empty if there are none.
async function corrected(all, asked, quotes) {
  const near = await Promise.all(asked.map(async (unit) => {
    const { counts } = await matched(all, [unit], LONGER, quotes, [[]]);
    return counts[0] ? unit.text : nearest(all, unit);
  }));
  if (!near.every(Boolean) || near.every((word, at) => word === asked[at].text)) return "";
  return near.map((word, at) => (asked[at].phrase ? `"${word}"` : word)).join(" ");
}

// A site that is published while somebody searches has other parts than its list says: the list is read again, once.
async function answered(question, again = true) {
  try { return await answer(question); } catch (error) {
    // What failed was begun and is not whole.
    forget();
    last = { key: null };
    if (again) return answered(question, false);
    throw error;
  }
}
let turn = Promise.resolve();
addEventListener("message", ({ data: { number, question, setting: given } }) => {
  if (given) { setting = given; shards().catch(() => {}); return; }
  turn = turn.then(() => answered(question)).then((result) => postMessage({ number, result }), (error) => postMessage({ number, failed: String(error) }));
});
