// What results are filtered by.
const DAY = 86_400_000, CHOICES = 200;
const years = new Map();
function yearOf(day) {
  if (day === NO_DAY) return null;
  let found = years.get(day);
  if (found === undefined) years.set(day, found = String(new Date(day * DAY).getUTCFullYear()).padStart(4, "0"));
  return found;
}
const personOf = ({ shard, post }) => shard.people[shard.person[post - 1]];
// Of a hit, what there is to choose: the value of the choice.
const FACETS = {
  person: (hit) => personOf(hit)?.key,
  debate: (hit) => debateOf(hit).id,
  year: (hit) => yearOf(dayOf(hit)),
  place: (hit) => debateOf(hit).place,
};
const KEYS = Object.keys(FACETS);
const LABELS = { person: (hit) => personOf(hit).name, debate: (hit) => debateOf(hit).title, year: (hit) => yearOf(dayOf(hit)), place: (hit) => debateOf(hit).called };

function suiting(chosen) {
  const keys = KEYS.filter((key) => chosen[key]);
  return (hit) => keys.every((key) => FACETS[key](hit) === chosen[key]);
}
// The values that the other choices leave, each with a label and its posts: the most frequent first, years latest first.
function choices(hits, chosen) {
  const found = Object.fromEntries(KEYS.map((key) => [key, new Map()]));
  const keys = KEYS.filter((key) => chosen[key]);
  for (const hit of hits) {
    const unsuited = keys.filter((key) => FACETS[key](hit) !== chosen[key]);
    if (unsuited.length > 1) continue;
    for (const key of unsuited.length ? unsuited : KEYS) {
      const value = FACETS[key](hit);
      if (!value) continue;
      const known = found[key].get(value);
      if (known) known[2] += 1; else found[key].set(value, [value, LABELS[key](hit), 1]);
    }
  }
  const order = (key) => (key === "year" ? (a, b) => byCode(b[0], a[0]) : (a, b) => b[2] - a[2] || byCode(a[0], b[0]));
  return Object.fromEntries(KEYS.map((key) => [key, [...found[key].values()].sort(order(key)).slice(0, CHOICES)]));
}
