// The shards that `rostra/search/shards.py` wrote, in the bundles of `rostra/search/bundles.py`, read by SQLite's WebAssembly
// build, which stands before these scripts (`sqlite3InitModule`).  Reading a column of a database that is not here yet fails,
// the part that has it is fetched, and the query runs again: so queries of all shards wait together, and no host needs to
// serve ranges.
let sqlite = null, setting = null, started = null;
const open = new Map();

async function fetched(address, cache = "default") {
  const answer = await fetch(address, { cache });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer;
}
const bytesOf = async (answer) => new Uint8Array(await answer.arrayBuffer());
const inflated = (answer) => bytesOf(new Response(answer.body.pipeThrough(new DecompressionStream("deflate-raw"))));
const parsed = (bytes) => JSON.parse(new TextDecoder().decode(bytes));

// A bundle of shards; `bytes` are those of `shards.bin`.
class Bundle {
  constructor(folder, bytes) {
    const end = bytes.indexOf(10), { index, vocabulary, shards } = parsed(bytes.subarray(0, end));
    Object.assign(this, { folder, index, vocabulary, coming: new Map() });
    // Where the next shard begins: in this file, in each part of the index, in the vocabulary.
    let at = end + 1, words = 0;
    const columns = index.map(() => 0);
    this.shards = shards.map((entry, place) => {
      const shard = new Shard(this, { ...entry, place }, entry.lists.map((size) => bytes.subarray(at, at += size)), { columns: [...columns], words });
      entry.columns.forEach((size, number) => { columns[number] += size; });
      words += entry.vocabulary;
      return shard;
    });
  }

  // Some bytes of a part, which is fetched once.
  async piece(part, start = 0, size = Infinity) {
    if (!this.coming.has(part)) {
      this.coming.set(part, fetched(`${this.folder}${part}.bin`).then(bytesOf));
      this.coming.get(part).catch(() => this.coming.delete(part));
    }
    return inflated(new Response((await this.coming.get(part)).subarray(start, start + size)));
  }
}

class Shard {
  // `packed` are its lists; `starts` tells where its bytes begin in the parts of the bundle.
  constructor(bundle, entry, packed, starts) {
    Object.assign(this, entry, { bundle, packed, starts, pieces: new Map(), lacking: new Set(), db: null });
    this.pages = (this.size - this.head) / this.page;
    this.path = `/${open.size}`;
    open.set(this.path, this);
  }

  async begin() {
    const [threads, people, facts, head] = await Promise.all(this.packed.map((bytes) => inflated(new Response(bytes))));
    this.packed = null;
    this.pieces.set(0, head);
    this.threads = parsed(threads).map(([id, title, place, called]) => ({ id, title, place, called }));
    this.people = parsed(people).map(([key, name, posts]) => ({ key, name, posts }));
    const column = (number) => new Int32Array(facts.buffer, number * this.posts * 4, this.posts);
    Object.assign(this, { thread: column(0), person: column(1), day: column(2), length: column(3) });
    this.db = new sqlite.oo1.DB({ filename: `file:${this.path}?immutable=1`, flags: "r", vfs: "parts" });
    rankable(this.db);
    // This query fails, but the functions that it runs are then compiled.
    try { postsThat(this, '"a"', [0]); } catch { this.lacking.clear(); }
  }

  // Pieces of the database: 0 is its head, n is the column n - 1, an equal share of the pages.
  number(offset) {
    if (offset < this.head) return 0;
    return Math.ceil(((Math.floor((offset - this.head) / this.page) + 1) * this.columns.length) / this.pages);
  }
  start(number) { return number ? this.head + Math.floor(((number - 1) * this.pages) / this.columns.length) * this.page : 0; }
  // Copy bytes of the database.  Returns whether there are as many, or null if a part of them is not here.
  read(target, offset) {
    for (let at = 0; at < target.length;) {
      const number = this.number(offset + at), bytes = this.pieces.get(number);
      if (!bytes && number <= this.columns.length) { this.lacking.add(number); return null; }
      const from = offset + at - this.start(number), piece = bytes?.subarray(from, from + target.length - at);
      if (!piece?.length) { target.fill(0, at); return false; }
      target.set(piece, at);
      at += piece.length;
    }
    return true;
  }

  async load(number) {
    const column = number - 1;
    this.pieces.set(number, await this.bundle.piece(`parts/${this.bundle.index[column]}`, this.starts.columns[column], this.columns[column]));
  }
  // Each word of posts with about how many have it.
  async vocabularyWords() {
    const classes = parsed(await this.bundle.piece(`parts/${this.bundle.vocabulary}`, this.starts.words, this.vocabulary));
    return classes.flatMap(([frequency, some]) => some.map((word) => [word, 2 ** (frequency - 1)]));
  }
  // A post as `rostra/search/texts.py` wrote it.
  async text(post) {
    const [first, digest] = this.texts.findLast(([start]) => start <= post);
    return parsed(await this.bundle.piece(`${this.place}/parts/${digest}`))[post - first];
  }

  // The results of queries, each a function of the shard.  One that goes on into the next part will go on further, so
  // twice as many parts are then fetched each time.
  async ask(queries) {
    const results = new Map();
    let ahead = 0;
    for (;;) {
      this.lacking.clear();
      for (const [at, query] of queries.entries()) {
        if (results.has(at)) continue;
        try { results.set(at, query(this)); } catch (error) { if (!this.lacking.size) throw error; }
      }
      if (results.size === queries.length) return queries.map((_, at) => results.get(at));
      const wanted = [...this.lacking], [first] = wanted;
      ahead = wanted.length === 1 && this.pieces.has(first - 1) && first > 1 ? ahead * 2 + 1 : 0;
      for (let n = 1; n <= ahead && first + n <= this.columns.length; n += 1) wanted.push(first + n);
      await Promise.all(wanted.map((number) => this.load(number)));
    }
  }
  close() { this.db?.close(); open.delete(this.path); }
}

// A file system for SQLite whose files are the databases of shards (sqlite.org/vfs.html).
function installFiles({ capi, wasm, vfs }) {
  const io = new capi.sqlite3_io_methods(), made = new capi.sqlite3_vfs(), usual = new capi.sqlite3_vfs(capi.sqlite3_vfs_find(null));
  const files = new Map(), fine = () => 0;
  io.$iVersion = 1;
  Object.assign(made, {
    $iVersion: 1, $szOsFile: capi.sqlite3_file.structInfo.sizeof, $mxPathname: 64,
    $xRandomness: usual.$xRandomness, $xSleep: usual.$xSleep, $xCurrentTime: usual.$xCurrentTime,
  });
  vfs.installVfs({
    io: { struct: io, methods: {
      xClose: (file) => { files.delete(file); return 0; },
      xRead: (file, target, length, offset) => {
        const whole = files.get(file).read(wasm.heap8u().subarray(Number(target), Number(target) + length), Number(offset));
        return whole === null ? capi.SQLITE_IOERR_READ : whole ? 0 : capi.SQLITE_IOERR_SHORT_READ;
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

// All shards, once SQLite runs and what every question needs is here.
function shards() {
  started ??= (async () => {
    const folders = Array.from({ length: setting.bundles }, (_, number) => `${setting.base}search/${number}/`);
    const heads = Promise.all(folders.map((folder) => fetched(`${folder}shards.bin`, "no-cache").then(bytesOf)));
    if (!sqlite) {
      const found = await globalThis.sqlite3InitModule({ locateFile: () => setting.engine, print: () => {}, printErr: () => {} });
      found.config.warn = found.config.error = () => {};
      installFiles(found);
      sqlite = found;
    }
    const all = (await heads).flatMap((bytes, number) => new Bundle(folders[number], bytes).shards);
    await Promise.all(all.map((shard) => shard.begin()));
    return all;
  })();
  started.catch(() => { started = null; });
  return started;
}
function forget() {
  for (const shard of open.values()) shard.close();
  started = null;
}
