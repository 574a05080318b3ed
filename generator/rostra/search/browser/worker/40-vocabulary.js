// The words that there are: those that contain a word, and the nearest one to a misspelt word.
const WITHIN = 4, MISSPELT = 4, LONG = 8;
const byFrequency = (a, b) => b[1] - a[1] || (a[0] > b[0]) - (a[0] < b[0]);
const isWord = (unit, shortest) => !unit.code && !unit.phrase && !unit.unspaced && unit.words.length === 1 && unit.stem.length >= shortest;

function vocabulary(all) {
  return all.vocabulary ??= Promise.all(all.map((shard) => shard.vocabularyWords())).then((some) => {
    const known = new Map();
    for (const [word, frequency] of some.flat()) known.set(word, (known.get(word) ?? 0) + frequency);
    return known;
  });
}
// The most frequent words that contain a word, but do not begin with it.
async function containing(all, unit, most) {
  if (!isWord(unit, WITHIN)) return [];
  const found = [...await vocabulary(all)].filter(([word]) => word.indexOf(unit.stem) > 0);
  return found.sort(byFrequency).slice(0, most).map(([word]) => word);
}
// The nearest word: by one change (a letter more, less, another, two swapped), of a long word by two.
async function nearest(all, unit) {
  if (!isWord({ ...unit, code: null }, MISSPELT)) return null;
  let most = unit.stem.length >= LONG ? 2 : 1, found = null;
  for (const [word, frequency] of await vocabulary(all)) {
    const changes = distance(unit.stem, word, most);
    if (changes > most || (found && changes === most && byFrequency([word, frequency], found) > 0)) continue;
    found = [word, frequency];
    most = changes;
  }
  return found?.[0] ?? null;
}
function distance(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let [before, last] = [[], Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] !== b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    if (Math.min(...row) > most) return most + 1;
    [before, last] = [last, row];
  }
  return last[b.length];
}
