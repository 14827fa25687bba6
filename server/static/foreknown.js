/** What a file knows of filters and areas: the ones of the view that it was made for, and any part of them. */

import { unwrapped, terms } from "./filter.js";
import { lang } from "./words.js";

/**
 * @typedef {import("./answer.js").Matches} Matches
 * @typedef {import("./answer.js").Match} Match
 * @typedef {import("./atlas.js").Feature} Feature
 * @typedef {import("./atlas.js").Layer} Layer
 * @typedef {Record<string, number[] | null>} Places of features, by layer; null where a layer knows nothing of what is asked
 * @typedef {{text: string, matches: Matches, labels: Record<string, string | null>, targets: Record<string, Matches["target"]>}} Area
 * @typedef {{filters: Record<string, Places>, area: Area | null, sounds: Record<string, string>}} Known
 */

/**
 * As the server answers; null where the file does not know.
 * @param {Known} held
 * @param {Layer[]} layers
 * @param {Map<string, Feature[]>} features by layer
 * @param {import("./answer.js").Question} question
 * @param {Map<string, Set<string>> | null} named the ids that are found by words, by layer
 * @returns {Matches | null}
 */
export function known(held, layers, features, { other, area, certain }, named) {
  const filters = other === null ? [] : filtersOf(held.filters, other);
  if (!filters || (area !== null && area !== held.area?.text)) return null;
  const within = area === null ? null : held.area;
  const answers = layers.map(({ id }) => {
    const all = features.get(id) ?? [];
    const knows = filters.every((places) => places[id]);
    const passing = filters.map((places) => new Set((places[id] ?? []).map((place) => all[place].id)));
    if (named) passing.push(named.get(id) ?? new Set());
    const passes = (/** @type {string} */ one) => passing.every((some) => some.has(one));
    const there = within?.matches.layers.find((layer) => layer.id === id);
    /** @type {Match[]} */
    const candidates = within ? (there?.features ?? []) : all.map((feature) => ({ id: feature.id, certainty: null, distance_m: null, uncertainty_m: null }));
    const inside = candidates.filter((match) => passes(match.id));
    const found = area !== null && certain ? inside.filter((match) => match.certainty === "certain") : inside;
    const undecided = (there?.undecided_ids ?? []).filter(passes);
    const sure = inside.filter((match) => match.certainty === "certain").length;
    const outside = within ? all.filter((feature) => passes(feature.id)).length - inside.length - undecided.length : 0;
    return { id, matched: found.length, certain: sure, possible: within ? inside.length - sure : 0, outside, undecided: undecided.length, knows, features: found, undecided_ids: undecided, left_out: 0 };
  });
  return { area: within?.matches.area ?? null, label: within?.labels[lang] ?? null, target: within?.targets[lang] ?? null, layers: answers };
}

/** What each part of a filter finds; null where one is unknown. @param {Known["filters"]} filters @param {string} text @returns {Places[] | null} */
function filtersOf(filters, text) {
  const byText = new Map(Object.entries(filters).map(([term, places]) => [unwrapped(term), places]));
  const whole = byText.get(unwrapped(text));
  const parts = whole ? [whole] : terms(text, "AND").map((term) => byText.get(unwrapped(term)));
  return parts.every((places) => places !== undefined) ? /** @type {Places[]} */ (parts) : null;
}
