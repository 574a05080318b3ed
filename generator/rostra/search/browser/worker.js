// The search: SQLite's own WebAssembly build stands before this text (`sqlite3InitModule`) and reads the shards that
// `rostra/search/shards.py` wrote.  A shard is a database in parts.  Reading a part that is not there yet fails, the part
// is fetched, and the query runs again: so queries of all shards wait together, and no host needs to serve ranges.
const PEOPLE = 2 ** 32, UNITS = 12, NAMES = 5, VARIANTS = 64, CHOICES = 200, PASSAGE = 260, DAY = 86_400_000;
const PREFIX = 3, WITHIN = 4, MISSPELT = 4, LONG = 8;
const K1 = 1.2, B = 0.75, TITLE = 3, MOST = 15, NONE = -(2 ** 31);

// ---- Words: as `rostra/search/tokens.py` prepares them.
const UNSPACED = /[\u0e01-\u0edf\u1000-\u109f\u1780-\u17dd\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]+/gu;
const CODE = /(?<![^\s(\[{<,;:=|"'`\u2018-\u201e])((?:--?|\+|::|[.@#$%&~\/\\])[\p{L}\p{N}_](?:[\p{L}\p{N}_.:\/-]{0,62}[\p{L}\p{N}_])?|[\p{L}\p{N}_]{1,62}(?:\+\+|[+#*]))(?![\p{L}\p{N}_+#*])/u;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const QUOTED = /["\u201c\u201d\u201e\u00ab\u00bb]([^"\u201c\u201d\u201e\u00ab\u00bb]+)["\u201c\u201d\u201e\u00ab\u00bb]|[^\s"\u201c\u201d\u201e\u00ab\u00bb]+/gu;

const LETTERS = { ß: "ss", ẞ: "ss", æ: "ae", Æ: "ae", œ: "oe", Œ: "oe", ø: "o", Ø: "o", ł: "l", Ł: "l", đ: "d", Đ: "d", ð: "d", Ð: "d", þ: "th", Þ: "th", ħ: "h", Ħ: "h", ı: "i" };
const normal = (text) => text.normalize("NFKC").replace(/[ßẞæÆœŒøØłŁđĐðÐþÞħĦı]/g, (letter) => LETTERS[letter]);
const folded = (word) => normal(word).toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
const unspaced = (text) => text.replace(UNSPACED, "") !== text;
function prepared(text) {
  return normal(text).replace(UNSPACED, (run) => {
    const signs = [...run];
    return ` ${signs.length > 1 ? signs.slice(1).map((sign, at) => signs[at] + sign).join(" ") : run} `;
  });
}
const signed = (word) => word.replace(/[!-\/:-@[-`{-~]/g, (sign) => String.fromCharCode(0xe000 + sign.charCodeAt(0)));

// What is asked for: words, phrases in quotation marks, and words that signs set apart.
function units(asked) {
  const found = [];
  for (const [whole, phrase] of asked.matchAll(QUOTED)) {
    const text = phrase ?? whole, words = [...normal(text).matchAll(WORD)].map(([word]) => folded(word));
    if (!words.length) continue;
    const code = phrase === undefined && text.match(CODE);
    const joint = unspaced(text);
    found.push({
      text, words, joint,
      code: code && code.index === 0 ? signed(code[1]) : null,
      plain: prepared(text),
      phrase: phrase !== undefined,
      stem: !joint && phrase === undefined ? words.at(-1) : "",
    });
  }
  return found.slice(0, UNITS);
}
const said = (text) => `"${text.replaceAll('"', '""')}"`;

// ---- The shards.
let sqlite = null, setting = null, unitOf = null;
const open = new Map();

class Shard {
  // `bytes` are a line of JSON and the first part; `parts` has the digests of the others.
  constructor(folder, bytes) {
    const end = bytes.indexOf(10), about = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
    Object.assign(this, about, { folder, there: new Map([[0, bytes.subarray(end + 1)]]), coming: new Map(), lacking: new Set(), ahead: 0, db: null });
    this.name = `/${open.size}`;
    open.set(this.name, this);
  }
  part(offset) { return offset < this.head ? 0 : 1 + Math.floor((offset - this.head) / this.step); }
  start(part) { return part ? this.head + (part - 1) * this.step : 0; }
  read(target, offset) {
    for (let at = 0; at < target.length;) {
      const number = this.part(offset + at), bytes = this.there.get(number);
      if (number > this.parts.length) { target.fill(0, at); return false; }
      if (!bytes) { this.lacking.add(number); return null; }
      const from = offset + at - this.start(number), piece = bytes.subarray(from, from + target.length - at);
      if (!piece.length) { target.fill(0, at); return false; }
      target.set(piece, at);
      at += piece.length;
    }
    return true;
  }
  // A query that goes on into the next part will go on further: twice as many are fetched each time.
  async load() {
    const wanted = new Set(this.lacking);
    if (wanted.size === 1) {
      const [first] = wanted;
      this.ahead = this.there.has(first - 1) && first > 1 ? this.ahead * 2 + 1 : 0;
      for (let n = 1; n <= this.ahead && first + n <= this.parts.length; n += 1) wanted.add(first + n);
    }
    this.lacking.clear();
    await Promise.all([...wanted].map((number) => {
      if (!this.coming.has(number)) {
        this.coming.set(number, fetched(`${this.folder}parts/${number}.bin?${this.parts[number - 1]}`, "arrayBuffer").then((bytes) => { this.there.set(number, new Uint8Array(bytes)); }));
        this.coming.get(number).catch(() => this.coming.delete(number));
      }
      return this.coming.get(number);
    }));
  }
  // The results of queries, each a function of the database; those that lack a part wait for it together.
  async ask(queries) {
    const results = new Map();
    this.ahead = 0;
    for (;;) {
      for (const [at, query] of queries.entries()) {
        if (results.has(at)) continue;
        const before = this.lacking.size;
        try {
          this.db ??= new sqlite.oo1.DB({ filename: `file:${this.name}?immutable=1`, flags: "r", vfs: "parts" });
          results.set(at, query(this.db));
        } catch (error) {
          if (this.lacking.size === before && !before) throw error;
        }
      }
      if (results.size === queries.length) return queries.map((_, at) => results.get(at));
      await this.load();
    }
  }
  close() { this.db?.close(); open.delete(this.name); }
}

async function fetched(address, kind, cache = "default") {
  const answer = await fetch(address, { cache });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer[kind]();
}

function installed(module) {
  const { capi, wasm, vfs } = module, io = new capi.sqlite3_io_methods(), made = new capi.sqlite3_vfs();
  const files = new Map(), usual = new capi.sqlite3_vfs(capi.sqlite3_vfs_find(null));
  Object.assign(io, { $iVersion: 1 });
  Object.assign(made, {
    $iVersion: 1, $szOsFile: capi.sqlite3_file.structInfo.sizeof, $mxPathname: 64,
    $xRandomness: usual.$xRandomness, $xSleep: usual.$xSleep, $xCurrentTime: usual.$xCurrentTime,
  });
  const fine = () => 0;
  vfs.installVfs({
    io: { struct: io, methods: {
      xClose: (file) => { files.delete(file); return 0; },
      xRead: (file, target, length, offset) => {
        const answer = files.get(file).read(wasm.heap8u().subarray(Number(target), Number(target) + length), Number(offset));
        return answer === null ? capi.SQLITE_IOERR_READ : answer ? 0 : capi.SQLITE_IOERR_SHORT_READ;
      },
      xFileSize: (file, size) => { wasm.poke64(size, BigInt(files.get(file).size)); return 0; },
      xWrite: () => capi.SQLITE_READONLY, xTruncate: () => capi.SQLITE_READONLY, xSync: fine, xLock: fine, xUnlock: fine,
      xCheckReservedLock: (file, held) => { wasm.poke32(held, 0); return 0; },
      xFileControl: () => capi.SQLITE_NOTFOUND, xSectorSize: () => 4096, xDeviceCharacteristics: () => capi.SQLITE_IOCAP_IMMUTABLE,
    } },
    vfs: { struct: made, name: "parts", methods: {
      xOpen: (_, name, file, flags, given) => {
        files.set(file, open.get(wasm.cstrToJs(name)));
        const handle = new capi.sqlite3_file(file);
        handle.$pMethods = io.pointer;
        handle.dispose();
        if (given) wasm.poke32(given, flags);
        return 0;
      },
      xAccess: (_, name, flags, there) => { wasm.poke32(there, 0); return 0; },
      xDelete: () => capi.SQLITE_READONLY,
      xFullPathname: (_, name, most, target) => { wasm.cstrncpy(target, name, most); return 0; },
      xGetLastError: fine,
    } },
  });
}

// `frequencies(found)`: how often each unit occurs in a row, four bits a unit, written with FTS5's extension API
// (sqlite.org/fts5.html, "Custom Auxiliary Functions"): the pointers of a table in the order that it documents.
function rankable(db) {
  const { capi, wasm } = sqlite, stack = wasm.pstack.pointer;
  try {
    const place = wasm.pstack.allocPtr();
    wasm.pokePtr(place, 0);
    const statement = db.prepare("SELECT fts5(?1)");
    capi.sqlite3_bind_pointer(statement.pointer, 1, place, "fts5_api_ptr", 0);
    statement.step();
    statement.finalize();
    const api = wasm.peekPtr(place), create = wasm.functionEntry(wasm.peekPtr(api + 12));
    const name = wasm.allocCString("frequencies");
    create(api, name, 0, rankable.pointer ??= wasm.installFunction("v(ppppp)", counted), 0);
    wasm.dealloc(name);
  } finally { wasm.pstack.restore(stack); }
}
// It is called for every row that is found, so it goes past the wrappers, with four numbers of its own in the memory.
function counted(api, row, context) {
  const { wasm } = sqlite, call = counted.own ??= {
    count: wasm.functionEntry(wasm.peekPtr(api + 32)), instance: wasm.functionEntry(wasm.peekPtr(api + 36)),
    result: wasm.exports.sqlite3_result_double, place: wasm.alloc(16), tally: new Uint8Array(UNITS),
  };
  const { place, tally } = call, at = place >> 2;
  call.count(row, place);
  const memory = wasm.heap32(), count = memory[at];
  tally.fill(0);
  for (let number = 0; number < count; number += 1) {
    call.instance(row, number, place + 4, place + 8, place + 12);
    const unit = unitOf[memory[at + 1]];
    tally[unit] = Math.min(MOST, tally[unit] + (memory[at + 2] === 0 ? TITLE : 1));
  }
  let sum = 0;
  for (let unit = UNITS - 1; unit >= 0; unit -= 1) sum = sum * (MOST + 1) + tally[unit];
  call.result(context, sum);
}

function rows(db, sql, bound, each) {
  const statement = db.prepare(sql);
  try {
    if (bound.length) statement.bind(bound);
    while (statement.step()) each(statement.pointer, statement);
  } finally { statement.finalize(); }
}

// The posts that match, past the wrappers too: a common word has a hundred thousand.
function hits(db, match, shard) {
  const { capi, wasm: { exports } } = sqlite, statement = db.prepare("SELECT rowid, frequencies(found) FROM found WHERE found MATCH ?1"), some = [];
  try {
    statement.bind(1, match);
    const { pointer } = statement;
    let answer = 0;
    while ((answer = exports.sqlite3_step(pointer)) === capi.SQLITE_ROW) {
      some.push({ shard, post: exports.sqlite3_column_double(pointer, 0), often: exports.sqlite3_column_double(pointer, 1) });
    }
    if (answer !== capi.SQLITE_DONE) throw new Error(capi.sqlite3_errmsg(db.pointer));
  } finally { statement.finalize(); }
  return some;
}

let started = null;
function shards() {
  started ??= (async () => {
    const module = sqlite ?? globalThis.sqlite3InitModule({ locateFile: () => setting.engine, print: () => {}, printErr: () => {} });
    const folders = Array.from({ length: setting.shards }, (_, number) => `${setting.base}search/${number}/`);
    const heads = Promise.all(folders.map((folder) => fetched(`${folder}shard.bin`, "arrayBuffer", "no-cache")));
    if (!sqlite) { sqlite = await module; sqlite.config.warn = sqlite.config.error = () => {}; installed(sqlite); }
    const all = (await heads).map((bytes, at) => new Shard(folders[at], new Uint8Array(bytes)));
    await Promise.all(all.map(begun));
    return all;
  })();
  started.catch(() => { started = null; });
  return started;
}
async function begun(shard) {
  const [lists] = await shard.ask([(db) => {
    const found = {};
    rows(db, "SELECT name, data FROM lists", [], (_, row) => { const [name, data] = row.get([]); found[name] = data.slice(); });
    return found;
  }]);
  const [threads, people, facts] = await Promise.all([inflated(lists.threads), inflated(lists.people), inflated(lists.facts, "arrayBuffer")]);
  shard.threads = threads.map(([id, title, place, called]) => ({ id, title, place, called }));
  shard.people = people.map(([key, name, posts]) => ({ key, name, posts }));
  const column = (at) => new Int32Array(facts, at * shard.posts * 4, shard.posts);
  shard.facts = { thread: column(0), person: column(1), day: column(2), words: column(3) };
  rankable(shard.db);
}

// ---- Finding: posts that have every unit; exactly, then as the beginning of a word, then within one.
const TIERS = ["exact", "longer", "within"];
function expression(unit, tier, columns, variants) {
  if (tier === "exact" && unit.code) return `code : ${said(unit.code)}`;
  const alone = unit.joint && [...unit.text].length === 1;
  const longer = alone || (tier !== "exact" && unit.stem.length >= PREFIX);
  const whole = `${columns} : ${said(unit.plain)}${longer ? " *" : ""}`;
  return variants?.length ? `(${[whole, ...variants.map((word) => `${columns} : ${said(word)}`)].join(" OR ")})` : whole;
}

async function matched(all, asked, tier, quotes, variants) {
  const columns = quotes ? "{title text quoted}" : "{title text}";
  const parts = asked.map((unit, at) => expression(unit, tier, columns, variants?.[at]));
  const of = asked.flatMap((_, at) => Array(1 + (variants?.[at]?.length ?? 0)).fill(at));
  const { capi } = sqlite;
  const answers = await Promise.all(all.map(async (shard) => {
    const count = (part) => (db) => { let number = 0; rows(db, "SELECT count(*) FROM found WHERE found MATCH ?1", [part], (row) => { number = capi.sqlite3_column_int(row, 0); }); return number; };
    const find = (db) => {
      unitOf = of;
      return hits(db, parts.join(" AND "), shard);
    };
    // Counting is quick, so it fetches the parts; ranking then runs once.
    const numbers = await shard.ask(parts.map(count)), [some] = numbers.every(Boolean) ? await shard.ask([find]) : [[]];
    return { some, numbers };
  }));
  return { hits: answers.flatMap(({ some }) => some), counts: asked.map((_, at) => answers.reduce((sum, { numbers }) => sum + numbers[at], 0)) };
}

// Okapi BM25 over all shards.
function score({ hits, counts }, all) {
  const posts = all.reduce((sum, shard) => sum + shard.posts, 0), mean = all.reduce((sum, shard) => sum + shard.words, 0) / (posts || 1);
  const weights = counts.map((count) => Math.log(1 + (posts - count + 0.5) / (count + 0.5)));
  for (const hit of hits) {
    const length = K1 * (1 - B + (B * hit.shard.facts.words[hit.post - 1]) / (mean || 1));
    let left = hit.often;
    hit.score = 0;
    for (const weight of weights) {
      const often = left % (MOST + 1);
      hit.score += (weight * often * (K1 + 1)) / (often + length);
      left = Math.floor(left / (MOST + 1));
    }
  }
}

async function inflated(bytes, kind = "json") {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream)[kind]();
}

async function vocabulary(all) {
  const known = new Map();
  const blobs = await Promise.all(all.map((shard) => shard.ask([(db) => { const found = []; rows(db, "SELECT frequency, words FROM words", [], (_, row) => { const [frequency, words] = row.get([]); found.push([frequency, words.slice()]); }); return found; }])));
  for (const [frequency, packed] of blobs.flat(2)) {
    for (const word of await inflated(packed)) known.set(word, (known.get(word) ?? 0) + 2 ** (frequency - 1));
  }
  return known;
}
const best = (a, b) => b[1] - a[1] || (a[0] > b[0]) - (a[0] < b[0]);
async function containing(all, unit) {
  if (unit.code || unit.phrase || unit.joint || unit.words.length > 1 || unit.stem.length < WITHIN) return [];
  all.known ??= await vocabulary(all);
  return [...all.known].filter(([word]) => word.indexOf(unit.stem) > 0).sort(best).slice(0, VARIANTS).map(([word]) => word);
}
// The nearest word that there is: by one change (a letter more, less, another, two swapped), in a long word by two.
async function nearest(all, unit) {
  if (unit.phrase || unit.joint || unit.words.length > 1 || unit.stem.length < MISSPELT) return null;
  all.known ??= await vocabulary(all);
  let most = unit.stem.length >= LONG ? 2 : 1, found = null;
  for (const [word, frequency] of all.known) {
    const changes = distance(unit.stem, word, most);
    if (changes > most || (found && changes === most && best([word, frequency], found) > 0)) continue;
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

async function persons(all, asked) {
  if (!asked.length || asked.some((unit) => unit.code && !unit.stem)) return [];
  const match = asked.map((unit) => `name : ${said(unit.plain)}${unit === asked.at(-1) && unit.stem.length >= PREFIX ? " *" : ""}`).join(" AND ");
  const found = new Map(), whole = asked.flatMap((unit) => unit.words).join(" ");
  await Promise.all(all.map(async (shard) => {
    const [numbers] = await shard.ask([(db) => { const some = []; rows(db, "SELECT rowid FROM found WHERE found MATCH ?1", [match], (row) => { some.push(sqlite.capi.sqlite3_column_double(row, 0) - PEOPLE); }); return some; }]);
    for (const number of numbers) {
      const { key, name, posts } = shard.people[number], before = found.get(key);
      found.set(key, { key, name: before && before.most >= posts ? before.name : name, most: Math.max(posts, before?.most ?? 0), posts: posts + (before?.posts ?? 0) });
    }
  }));
  const same = ({ name }) => [...normal(name).matchAll(WORD)].map(([word]) => folded(word)).join(" ") === whole;
  return [...found.values()].sort((a, b) => same(b) - same(a) || b.posts - a.posts || (a.key > b.key) - (a.key < b.key)).slice(0, NAMES).map(({ key, name, posts }) => ({ key, name, posts }));
}

// Everything that a question finds, tier after tier until there is enough: `hits` in the order of their ranks.
class Finding {
  constructor(all, asked, quotes) { Object.assign(this, { all, asked, quotes, hits: [], seen: new Map(), tiers: [] }); }
  async more() {
    const tier = this.asked.length ? TIERS[this.tiers.length] : undefined;
    if (!tier) {
      if (this.asked.length || this.tiers.length) return false;
      this.tiers.push("all");
      this.add(this.all.flatMap((shard) => Array.from({ length: shard.posts }, (_, at) => ({ shard, post: at + 1, score: 0 }))), 0);
      return true;
    }
    this.tiers.push(tier);
    const signs = this.asked.some((unit) => unit.code);
    if (tier !== "exact" && signs && (this.hits.length || this.asked.some((unit) => unit.code && unit.stem.length < PREFIX))) return true;
    const variants = tier === "within" ? await Promise.all(this.asked.map((unit) => containing(this.all, unit))) : null;
    if (variants && !variants.some((words) => words.length)) return true;
    const found = await matched(this.all, this.asked, tier, this.quotes, variants);
    score(found, this.all);
    this.add(found.hits, this.tiers.length - 1);
    return true;
  }
  add(hits, tier) {
    const some = [], before = this.hits.length;
    for (const hit of hits) {
      const known = this.seen.get(hit.shard) ?? new Set(), { shard: { threads, people, facts } } = hit;
      if (known.has(hit.post)) continue;
      this.seen.set(hit.shard, known.add(hit.post));
      const day = facts.day[hit.post - 1];
      some.push(Object.assign(hit, { tier, thread: threads[facts.thread[hit.post - 1]], person: people[facts.person[hit.post - 1]], day: day === NONE ? null : day }));
    }
    some.sort((a, b) => b.score - a.score || (b.day ?? -Infinity) - (a.day ?? -Infinity) || (a.thread.id > b.thread.id) - (a.thread.id < b.thread.id) || a.post - b.post);
    for (const [at, hit] of some.entries()) hit.at = before + at;
    this.hits = this.hits.concat(some);
  }
}

const year = (hit) => (hit.day === null ? "" : String(new Date(hit.day * DAY).getUTCFullYear()).padStart(4, "0"));
const FACETS = {
  person: (hit) => hit.person && [hit.person.key, hit.person.name],
  debate: (hit) => [hit.thread.id, hit.thread.title],
  year: (hit) => { const found = year(hit); return found && [found, found]; },
  place: (hit) => [hit.thread.place, hit.thread.called],
};
// What may be chosen is what the other choices leave, the most frequent first.
function choices(hits, chosen) {
  const found = Object.fromEntries(Object.keys(FACETS).map((key) => [key, new Map()]));
  for (const hit of hits) {
    const wrong = Object.keys(FACETS).filter((key) => chosen[key] && FACETS[key](hit)?.[0] !== chosen[key]);
    if (wrong.length > 1) continue;
    for (const key of wrong.length ? wrong : Object.keys(FACETS)) {
      const value = FACETS[key](hit);
      if (!value) continue;
      const known = found[key].get(value[0]);
      if (known) known[2] += 1; else found[key].set(value[0], [...value, 1]);
    }
  }
  const order = (key) => (key === "year" ? (a, b) => (a[0] < b[0]) - (a[0] > b[0]) : (a, b) => b[2] - a[2] || (a[0] > b[0]) - (a[0] < b[0]));
  return Object.fromEntries(Object.entries(found).map(([key, values]) => [key, [...values.values()].sort(order(key)).slice(0, CHOICES)]));
}
const suits = (hit, chosen) => Object.keys(FACETS).every((key) => !chosen[key] || FACETS[key](hit)?.[0] === chosen[key]);

// The best post of each debate with the others behind it; in one debate that is chosen, every post.
function grouped(hits, chosen, order) {
  const sorted = order ? [...hits].sort((a, b) => (a.day === null) - (b.day === null) || (order === "new" ? b.day - a.day : a.day - b.day)) : hits;
  if (chosen.debate) return sorted.map((hit) => ({ hit, others: [] }));
  const groups = new Map();
  for (const hit of sorted) {
    const group = groups.get(hit.thread.id);
    if (group) group.others.push(hit); else groups.set(hit.thread.id, { hit, others: [] });
  }
  return [...groups.values()];
}

// ---- Passages.
// Where the units occur in a text, as [start, end, unit], as this tier finds them.
function marks(text, asked, tier) {
  const words = [...text.matchAll(WORD)].map((found) => ({ start: found.index, end: found.index + found[0].length, word: folded(found[0]) }));
  const alike = [(word, term) => word === term, (word, term) => word.startsWith(term), (word, term) => word.includes(term)];
  const lower = text.toLowerCase(), found = [];
  for (const [at, unit] of asked.entries()) {
    if (unit.joint || unit.code) {
      const term = unit.text.toLowerCase().replace(/[()]+$/, "");
      for (let start = lower.indexOf(term); start >= 0 && lower.length === text.length; start = lower.indexOf(term, start + term.length)) found.push([start, start + term.length, at]);
      if (found.some((each) => each[2] === at) || unit.joint) continue;
    }
    for (let n = 0; n + unit.words.length <= words.length; n += 1) {
      const last = unit.words.length - 1;
      if (unit.words.every((term, k) => (k < last || unit.phrase ? alike[0] : alike[tier])(words[n + k].word, term))) found.push([words[n].start, words[n + last].end, at]);
    }
  }
  return found.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
}
function passage(text, found) {
  let first = 0, most = 0;
  for (let at = 0; at < found.length; at += 1) {
    const kinds = new Set();
    let count = 0;
    for (let n = at; n < found.length && found[n][1] - found[at][0] <= PASSAGE - 40; n += 1) { kinds.add(found[n][2]); count += 1; }
    if (kinds.size * 1000 + count > most) { most = kinds.size * 1000 + count; first = at; }
  }
  const near = found[first]?.[0] ?? 0;
  let start = Math.max(0, Math.min(near - 40, text.length - PASSAGE)), end = Math.min(text.length, start + PASSAGE);
  const gap = (at) => text.indexOf(" ", at);
  if (start && gap(start) >= 0 && gap(start) < near) start = gap(start) + 1;
  if (end < text.length && text.lastIndexOf(" ", end) > end - 40) end = text.lastIndexOf(" ", end);
  if (text.charCodeAt(start) >>> 10 === 0x37) start += 1;
  if (text.charCodeAt(end) >>> 10 === 0x37) end -= 1;
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

// What is shown of groups: where there are fewer than asked for, further posts of theirs have the places that are left.
async function shown(groups, count, asked, quotes) {
  const left = groups.flatMap(({ others }) => others.slice(0, count)).sort((a, b) => a.at - b.at).slice(0, count - groups.length);
  const chosen = new Set(left), hits = [...groups.map(({ hit }) => hit), ...left];
  const items = new Map((await passages(hits, asked, quotes)).map((item, at) => [hits[at], item]));
  return groups.map(({ hit, others }) => {
    const also = others.filter((other) => chosen.has(other)).map((other) => items.get(other));
    return { ...items.get(hit), also, more: others.length - also.length };
  });
}
async function passages(hits, asked, quotes) {
  const wanted = new Map();
  for (const hit of hits) wanted.set(hit.shard, [...(wanted.get(hit.shard) ?? []), hit]);
  const texts = new Map();
  await Promise.all([...wanted].map(async ([shard, some]) => {
    const packed = await shard.ask(some.map((hit) => (db) => {
      let found = null;
      rows(db, "SELECT post, posts FROM texts WHERE post <= ?1 ORDER BY post DESC LIMIT 1", [hit.post], (_, row) => { const [post, bytes] = row.get([]); found = [post, bytes.slice()]; });
      return found;
    }));
    await Promise.all(some.map(async (hit, at) => { texts.set(hit, (await inflated(packed[at][1]))[hit.post - packed[at][0]]); }));
  }));
  return hits.map((hit) => {
    const [post, at, who, named, created, when, own, quoted] = texts.get(hit);
    let text = own, found = marks(own, asked, hit.tier);
    if (quotes && !found.length) {
      const others = marks(quoted, asked, hit.tier);
      if (others.length) [text, found] = [quoted, others];
    }
    const words = [...new Set(found.map(([start, end]) => text.slice(start, end)))].slice(0, UNITS);
    return { debate: hit.thread.id, title: pieces(hit.thread.title, marks(hit.thread.title, asked, hit.tier)), post, at, who, named, created, when, tier: TIERS[hit.tier], words, ...passage(text || quoted, found) };
  });
}

// ---- Questions: the last one is kept, for what is asked of it next.
let last = { key: null };
async function answer(question) {
  const all = await shards(), { q, quotes, chosen } = question, key = JSON.stringify([q, quotes]);
  if (last.key !== key) {
    last = { key, finding: new Finding(all, units(q), quotes), instead: null };
    last.names = await persons(all, last.finding.asked);
  }
  const empty = Boolean(q.trim()) && !last.finding.asked.length;
  if (empty) return { items: [], exact: 0, others: 0, left: false, names: [], instead: null, choices: choices([], {}), empty };
  let groups = await enough(last.finding, question);
  if (last.instead === null) {
    last.instead = last.finding.hits.length || last.names.length ? "" : await corrected(all, last.finding.asked, quotes);
    const nearer = last.instead && new Finding(all, units(last.instead), quotes);
    const others = nearer ? await enough(nearer, question) : [];
    if (others.length) [last.finding, groups] = [nearer, others]; else last.instead = "";
  }
  const { hits, asked } = last.finding, { from, count } = question;
  const suited = hits.filter((hit) => suits(hit, chosen)), exact = suited.filter((hit) => hit.tier === 0).length;
  const items = await shown(groups.slice(from, from + count), count, asked, quotes);
  return {
    items, exact, others: suited.length - exact, left: groups.length > from + count,
    names: last.names, instead: last.instead || null, choices: choices(hits, chosen), empty,
  };
}
// The groups that are found, from tier after tier until there are as many as are to be shown, and whether there are more.
async function enough(finding, { chosen, order, from, count }) {
  for (;;) {
    const groups = grouped(finding.hits.filter((hit) => suits(hit, chosen)), chosen, order);
    if (groups.length > from + count || !(await finding.more())) return groups;
  }
}
// The question with the nearest words instead of those that no post has; empty if there are none.
async function corrected(all, asked, quotes) {
  const near = await Promise.all(asked.map(async (unit) => {
    const { counts } = await matched(all, [unit], "longer", quotes, null);
    return counts[0] ? unit.text : nearest(all, unit);
  }));
  if (!near.every(Boolean) || near.every((word, at) => word === asked[at].text)) return "";
  return near.map((word, at) => (asked[at].phrase ? `"${word}"` : word)).join(" ");
}

// A site that is published while somebody searches has other parts than its list says: the list is read again, once.
async function answered(question) {
  try { return await answer(question); } catch (error) {
    for (const shard of open.values()) shard.close();
    started = null;
    last = { key: null };
    return await answer(question);
  }
}
let turn = Promise.resolve();
addEventListener("message", ({ data }) => {
  if (data.setting) { setting = data.setting; return; }
  if (data.start) { shards().catch(() => {}); return; }
  turn = turn.then(() => answered(data.question)).then((result) => postMessage({ number: data.number, result }), (error) => postMessage({ number: data.number, failed: String(error) }));
});
