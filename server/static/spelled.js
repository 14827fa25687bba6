/** What of a name to mark when it was typed as it sounds, maybe with Chinese in between (layers/search/sounds.py). */

import { folded } from "./folding.js";
import { LONGEST } from "./sounds.js";

/** @typedef {import("./sounds.js").Readings} Readings */

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
