/** Names found by how they sound, typed by syllables or initials, maybe with Chinese in between (layers/search/spoken.py). */

import { folded, pieces } from "./folding.js";

/**
 * @typedef {(character: string) => string[]} Readings the likeliest first
 * @typedef {{syllables: string[][], initials: string[]}} Spoken the ways to read a name
 */

/** Characters of a name that are kept by their sounds. */
export const LONGEST = 40;
const MOST_SPELLINGS = 8;
const MOST_CUTS = 8;
const MOST_RUNS = 16;

/** Whether a question may be typed so. @param {string} key */
export function isTyped(key) {
  const isPlain = pieces(key).every(({ text, isUnspaced }) => isUnspaced || /^[a-z0-9]+$/.test(text));
  return key.length > 1 && key.length <= 6 * LONGEST && /[a-z]/.test(key) && isPlain;
}

/** What is written in one script each. @param {string} key */
export function runs(key) {
  return (key.match(/[a-z0-9]+|[^a-z0-9]+/g) ?? []).slice(0, MOST_RUNS);
}

/** How a name may be read; null where all of it is Latin. @param {string} name @param {Readings} readings @returns {Spoken | null} */
export function spokenOf(name, readings) {
  const { text } = folded(name);
  if (!pieces(text).some(({ isUnspaced }) => isUnspaced)) return null;
  const syllables = spellings(Array.from(text.replaceAll(" ", "")).slice(0, LONGEST), readings);
  return { syllables, initials: initialsOf(syllables) };
}

/** The syllables of characters, by their likeliest readings first. @param {string[]} characters @param {Readings} readings @returns {string[][]} */
function spellings(characters, readings) {
  const choices = characters.map((one) => (readings(one).length ? readings(one) : [one]));
  const first = choices.map(([one]) => one);
  const several = [...choices.keys()].filter((at) => choices[at].length > 1);
  const some = several.slice(0, 6);
  const others = [...several.map((at) => [at]), ...some.flatMap((one, index) => some.slice(index + 1).map((other) => [one, other]))];
  return [first, ...others.slice(0, MOST_SPELLINGS - 1).map((other) => first.map((one, at) => (other.includes(at) ? choices[at][1] : one)))];
}

/** @param {string[][]} syllables */
function initialsOf(syllables) {
  return [...new Set(syllables.map((some) => some.map((one) => Array.from(one)[0]).join("")))];
}

/**
 * How a question may be meant that is typed as it sounds.
 * @param {string} letters
 * @param {Readings} readings
 * @param {Set<string>} known all syllables that there are
 * @returns {Spoken} of one letter there are no initials
 */
export function meant(letters, readings, known) {
  const characters = Array.from(letters);
  if (characters.length === 1) return { syllables: [[letters]], initials: [] };
  const syllables = cuts(characters, known).flatMap((cut) => spellings(cut, readings));
  return { syllables, initials: initialsOf(spellings(characters, readings)) };
}

/** Whether a name sounds so: from its beginning, somewhere, or not. @param {Spoken[]} names @param {Spoken} wanted @returns {"first" | "within" | null} */
export function sounds(names, wanted) {
  const begins = wanted.syllables.some((some) => stand(names[0]?.syllables[0] ?? [], some, 0)) || wanted.initials.some((one) => names[0]?.initials[0].startsWith(one));
  if (begins) return "first";
  const isWithin = names.some(({ syllables, initials }) =>
    wanted.initials.some((one) => initials.some((all) => all.includes(one))) || wanted.syllables.some((some) => syllables.some((all) => all.some((_, at) => stand(all, some, at)))));
  return isWithin ? "within" : null;
}

/** Whether some syllables stand at a place; the last one may have just been begun. @param {string[]} all @param {string[]} some @param {number} at */
function stand(all, some, at) {
  return some.every((one, index) => (index < some.length - 1 ? all[at + index] === one : all[at + index]?.startsWith(one)));
}

/** The ways to read letters as syllables; Chinese between them stays as it is. @param {string[]} query @param {Set<string>} known @returns {string[][]} */
function cuts(query, known) {
  /** @type {string[][]} */
  const found = [];
  const longest = Math.max(0, ...[...known].map((one) => one.length));
  // No letter, or a digit, or a letter beside one: G60 is no sound.
  const isAlone = (/** @type {number} */ at) => query[at] > "\x7f" || query.slice(Math.max(at - 1, 0), at + 2).some((one) => /[0-9]/.test(one));
  const walk = (/** @type {number} */ start, /** @type {string[]} */ before) => {
    const rest = query.slice(start).join("");
    const length = query.length - start;
    if (found.length === MOST_CUTS) return;
    const isBegun = before.length ? [...known].some((one) => one.startsWith(rest)) : known.has(rest);
    if (isBegun || (before.length && length === 1 && isAlone(start))) found.push([...before, rest]);
    for (let size = Math.min(longest, length - 1); size > 0; size -= 1) {
      const part = query.slice(start, start + size).join("");
      if (known.has(part) || (size === 1 && isAlone(start))) walk(start + size, [...before, part]);
    }
  };
  walk(0, []);
  return found;
}
