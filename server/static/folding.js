/** Texts as they are compared, by the rules of the server (layers/search/words.py): without case, accents and width. */

/** Scripts without spaces between words: Han, kana, Hangul and what belongs to them. */
const UNSPACED = "\\u2e80-\\u9fff\\uac00-\\ud7af\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const RUN = new RegExp(`[${UNSPACED}]+|(?:(?![${UNSPACED}])[\\p{L}\\p{N}])+`, "gu");
const IS_UNSPACED = new RegExp(`^[${UNSPACED}]`, "u");
const LETTER = /[\p{L}\p{N}]/u;

/** Marks without which another syllable would be left. */
const MARKS = /(?![\u3099\u309a])\p{Mn}/gu;

/** Letters with a stroke or a tail, which Unicode does not take apart. */
const STROKES = /** @type {Record<string, string>} */ ({ ø: "o", đ: "d", ł: "l", ħ: "h", ŧ: "t", ƀ: "b", ɨ: "i", ɍ: "r", ɏ: "y", ƶ: "z", ɖ: "d", ɉ: "j", ⱥ: "a" });

const LONGEST_WORD = 32;
const MOST_PIECES = 16;

/**
 * @typedef {{text: string, at: number[]}} Folded at: for each unit of the text which character it was in the original
 * @typedef {{text: string, start: number, isUnspaced: boolean}} Piece a word, or a run of characters without spaces
 */

/** @type {Map<string, string>} */
const KNOWN = new Map();

/** Letters and digits by themselves, a space for all else; a mark alone is nothing. @param {string} character */
function plain(character) {
  let found = KNOWN.get(character);
  if (found === undefined) {
    const bare = character.normalize("NFKC").normalize("NFD").replace(MARKS, "").normalize("NFC");
    // Through the upper case, for ß and ς have no lower one.
    const folded = Array.from(bare.toUpperCase().toLowerCase(), (one) => STROKES[one] ?? one);
    found = folded.map((one) => (LETTER.test(one) ? one : " ")).join("");
    KNOWN.set(character, found);
  }
  return found;
}

/** @param {string} text @returns {Folded} */
export function folded(text) {
  /** @type {number[]} */
  const at = [];
  const parts = Array.from(text, (character, index) => {
    const part = plain(character);
    for (let unit = 0; unit < part.length; unit += 1) at.push(index);
    return part;
  });
  return { text: parts.join(""), at };
}

/** What is left of a name when two spellings of it are to be the same. @param {string} text */
export function keyOf(text) {
  return folded(text).text.replaceAll(" ", "");
}

/** Of a folded text. @param {string} text @returns {Piece[]} */
export function pieces(text) {
  return [...text.matchAll(RUN)].map((found) => ({ text: found[0], start: found.index, isUnspaced: IS_UNSPACED.test(found[0]) }));
}

/** The pieces of a question. @param {string} text */
export function asked(text) {
  return pieces(folded(text).text).slice(0, MOST_PIECES);
}

/** Whether a piece of a question stands in the pieces of a text: a run anywhere, a word from its beginning. @param {Piece} wanted @param {Piece[]} within */
export function stands(wanted, within) {
  const word = wanted.text.slice(0, LONGEST_WORD);
  return within.some(({ text, isUnspaced }) => (wanted.isUnspaced ? isUnspaced && text.includes(wanted.text) : !isUnspaced && text.startsWith(word)));
}

/** Where the pieces of a question stand in a text: begin and end in characters of the text. @param {string} text @param {string} question @returns {[number, number][]} */
export function fragments(text, question) {
  const { text: within, at } = folded(text);
  const words = pieces(within);
  const found = asked(question).flatMap((piece) => {
    const start = piece.isUnspaced ? within.indexOf(piece.text) : (words.find((one) => one.text.startsWith(piece.text))?.start ?? -1);
    return start < 0 ? [] : [/** @type {[number, number]} */ ([at[start], at[start + piece.text.length - 1] + 1])];
  });
  return sortedOnce(found);
}

/** @param {[number, number][]} found @returns {[number, number][]} */
export function sortedOnce(found) {
  const once = new Map(found.map((one) => [String(one), one]));
  return [...once.values()].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}
