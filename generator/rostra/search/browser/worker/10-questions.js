// What is asked: words prepared as `rostra/search/tokens.py` prepares those of the index.
const MOST_UNITS = 12;
const UNSPACED = /[\u0e01-\u0edf\u1000-\u109f\u1780-\u17dd\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]+/gu;
const CODE = /(?<![^\s(\[{<,;:=|"'`\u2018-\u201e])((?:--?|\+|::|[.@#$%&~\/\\])[\p{L}\p{N}_](?:[\p{L}\p{N}_.:\/-]{0,62}[\p{L}\p{N}_])?|[\p{L}\p{N}_]{1,62}(?:\+\+|[+#*]))(?![\p{L}\p{N}_+#*])/u;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const MARKS = "\"\u201c\u201d\u201e\u00ab\u00bb";
const QUOTED = new RegExp(`[${MARKS}]([^${MARKS}]+)[${MARKS}]|[^\\s${MARKS}]+`, "gu");

const LETTERS = { ß: "ss", ẞ: "ss", æ: "ae", Æ: "ae", œ: "oe", Œ: "oe", ø: "o", Ø: "o", ł: "l", Ł: "l", đ: "d", Đ: "d", ð: "d", Ð: "d", þ: "th", Þ: "th", ħ: "h", Ħ: "h", ı: "i" };
const LETTER = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "gu");
const normal = (text) => text.normalize("NFKC").replace(LETTER, (letter) => LETTERS[letter]);
const folded = (word) => normal(word).toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
const words = (text) => [...normal(text).matchAll(WORD)].map(([word]) => folded(word));

// Scripts without spaces are indexed as pairs of characters.
function paired(text) {
  return normal(text).replace(UNSPACED, (run) => {
    const signs = [...run];
    return ` ${signs.length > 1 ? signs.slice(1).map((sign, at) => signs[at] + sign).join(" ") : run} `;
  });
}
// A word of code is one token, in which private characters stand for signs.
const codeToken = (word) => word.replace(/[!-\/:-@[-`{-~]/g, (sign) => String.fromCharCode(0xe000 + sign.charCodeAt(0)));

// The units of a question: words, phrases in quotation marks, and words of code.  `stem` is what longer words may begin with.
function units(asked) {
  const found = [];
  // Soft hyphens only say where a word may be broken: those of the texts are left out too.
  for (const [whole, phrase] of asked.replaceAll("\u00ad", "").matchAll(QUOTED)) {
    const text = phrase ?? whole, parts = words(text), isPhrase = phrase !== undefined;
    if (!parts.length) continue;
    const code = isPhrase ? null : text.match(CODE), unspaced = text.search(UNSPACED) >= 0;
    found.push({
      text, words: parts, unspaced, phrase: isPhrase, indexed: paired(text),
      code: code?.index === 0 ? codeToken(code[1]) : null,
      stem: unspaced || isPhrase ? "" : parts.at(-1),
    });
  }
  return found.slice(0, MOST_UNITS);
}
