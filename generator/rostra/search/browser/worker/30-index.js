// What the index of a shard tells: which posts and people match, and how often each unit occurs in a post.
const PEOPLE = 2 ** 32, TITLE = 3, MOST_TIMES = 15;
let unitOf = null;

function rows({ db }, sql, bound, each) {
  const statement = db.prepare(sql);
  try {
    statement.bind(bound);
    while (statement.step()) each(statement.pointer);
  } finally { statement.finalize(); }
}
function countOf(shard, match) {
  let count = 0;
  rows(shard, "SELECT count(*) FROM found WHERE found MATCH ?1", [match], (row) => { count = sqlite.capi.sqlite3_column_int(row, 0); });
  return count;
}
function peopleThat(shard, match) {
  const some = [];
  rows(shard, "SELECT rowid FROM found WHERE found MATCH ?1", [match], (row) => { some.push(shard.people[sqlite.capi.sqlite3_column_double(row, 0) - PEOPLE]); });
  return some;
}
// The posts that match; `phrases` has the number of the unit that each phrase of the expression is for.  A common word
// has a hundred thousand, so the wrappers are passed by.
function postsThat(shard, match, phrases) {
  const { capi, wasm: { exports } } = sqlite, statement = shard.db.prepare("SELECT rowid, frequencies(found) FROM found WHERE found MATCH ?1"), some = [];
  unitOf = phrases;
  try {
    statement.bind(1, match);
    const { pointer } = statement;
    let answer = 0;
    while ((answer = exports.sqlite3_step(pointer)) === capi.SQLITE_ROW) {
      some.push({ shard, post: exports.sqlite3_column_double(pointer, 0), often: exports.sqlite3_column_double(pointer, 1), score: 0, tier: 0 });
    }
    if (answer !== capi.SQLITE_DONE) throw new Error(capi.sqlite3_errmsg(shard.db.pointer));
  } finally { statement.finalize(); }
  return some;
}

// Define `frequencies(found)`: how often each unit occurs in a row, four bits a unit.  It uses FTS5's extension API
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
    create(api, name, 0, rankable.pointer ??= wasm.installFunction("v(ppppp)", frequencies), 0);
    wasm.dealloc(name);
  } finally { wasm.pstack.restore(stack); }
}
// It is called for every row that is found, with four numbers of its own in the memory.
function frequencies(api, row, context) {
  const { wasm } = sqlite, call = frequencies.own ??= {
    count: wasm.functionEntry(wasm.peekPtr(api + 32)), instance: wasm.functionEntry(wasm.peekPtr(api + 36)),
    result: wasm.exports.sqlite3_result_double, place: wasm.alloc(16), tally: new Uint8Array(MOST_UNITS),
  };
  const { place, tally } = call, at = place >> 2;
  call.count(row, place);
  const memory = wasm.heap32(), count = memory[at];
  tally.fill(0);
  for (let number = 0; number < count; number += 1) {
    call.instance(row, number, place + 4, place + 8, place + 12);
    const unit = unitOf[memory[at + 1]];
    tally[unit] = Math.min(MOST_TIMES, tally[unit] + (memory[at + 2] === 0 ? TITLE : 1));
  }
  let sum = 0;
  for (let unit = MOST_UNITS - 1; unit >= 0; unit -= 1) sum = sum * (MOST_TIMES + 1) + tally[unit];
  call.result(context, sum);
}
