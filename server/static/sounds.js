/** Names typed as they sound, by syllables or initials, maybe with Chinese in between (layers/search/sounds.py). */

import { folded, pieces } from "./folding.js";

/** @typedef {(character: string) => string[]} Readings */

const RUNS = /[a-z0-9]+|[^a-z0-9]+/g;
const LONGEST = 40;

/** Whether a question may be typed so. @param {string} key */
export function isTyped(key) {
  const isPlain = pieces(key).every(({ text, isUnspaced }) => isUnspaced || /^[a-z0-9]+$/.test(text));
  return key.length > 1 && key.length <= 6 * LONGEST && /[a-z]/.test(key) && isPlain;
}

/** What is written in one script each. @param {string} key */
export function runs(key) {
  return key.match(RUNS) ?? [];
}

/**
 * Where a text sounds as a question is typed: begin and end in its characters.
 * @param {string} text
 * @param {string} key
 * @param {Readings} readings
 * @returns {[number, number] | null}
 */
export function spelled(text, key, readings) {
  const { text: plain, at } = folded(text);
  /** @type {{character: string, at: number}[]} */
  const spoken = [];
  let unit = 0;
  for (const character of plain) {
    if (character !== " ") spoken.push({ character, at: at[unit] });
    unit += character.length;
  }
  spoken.length = Math.min(spoken.length, LONGEST);
  for (let start = 0; start < spoken.length; start += 1) {
    const end = ending(spoken.slice(start).map(({ character }) => character), key, readings);
    if (end) return [spoken[start].at, spoken[start + end - 1].at + 1];
  }
  return null;
}

/** How many characters the whole question stands for, from the first one; 0 where it stands for none. @param {string[]} characters @param {string} key @param {Readings} readings */
function ending(characters, key, readings) {
  let reached = new Set([0]); // letters of the question that are used up
  let byInitials = true;
  for (const [number, character] of characters.entries()) {
    const sounds = [character, ...readings(character)];
    byInitials &&= sounds.some((one) => one[0] === key[number]);
    if (byInitials && number + 1 === key.length) return number + 1;
    const further = new Set();
    for (const used of reached) {
      const rest = key.slice(used);
      for (const one of sounds) {
        if (rest.startsWith(one)) further.add(used + one.length);
        else if (number && one.startsWith(rest)) further.add(key.length);
      }
    }
    if (further.has(key.length)) return number + 1;
    reached = further;
    if (!reached.size && !byInitials) return 0;
  }
  return 0;
}
