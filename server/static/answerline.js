/** The answer in a sentence, before any table: how many, where, and what is not known. */

import { besideText, countText, mainText } from "./celltext.js";
import { size } from "./tabulate.js";
import { number, word } from "./words.js";

/**
 * @typedef {import("./tabulate.js").Tabulated} Tabulated
 * @typedef {import("./celltext.js").Measure} Measure
 */

/** So many values are all named. */
const FEW = 4;

/**
 * @param {Tabulated} table
 * @param {Measure} measure
 * @param {boolean} isDistrict whether its rows are districts
 */
export function answerLine(table, measure, isDistrict) {
  const { rows, total } = table;
  const matched = total.count + total.inferred;
  if (!matched) return word("list.empty");
  const held = rows.filter(({ kind, total: { count, inferred } }) => kind === "value" && count + inferred > 0);
  const named = held.length > FEW ? mostly(table, held, measure) : held.map((row) => said(row, measure)).join(word("stats.comma"));
  const rest = rows.filter(({ kind, total: { count, inferred } }) => kind !== "value" && count + inferred > 0).map((row) => (measure.field ? said(row, measure) : restText(row, isDistrict)));
  return sentence([head(total, measure, matched) + (named && word("stats.colon") + named), ...rest]);
}

/** @param {import("./tabulate.js").Cell} total @param {Measure} measure @param {number} matched */
function head(total, measure, matched) {
  if (!measure.field) return word("stats.all", { count: number(matched) });
  return word("stats.all_sum", { label: measure.label, sum: mainText(total, measure), known: besideText(total, measure) });
}

/** @param {import("./tabulate.js").Row} row @param {Measure} measure */
function said({ label, total }, measure) {
  return measure.field ? `${label} ${mainText(total, measure)}` : countText(label, total);
}

/** Of many the largest, where enough is known to say which that is and it is one. @param {Tabulated} table @param {import("./tabulate.js").Row[]} held @param {Measure} measure */
function mostly({ isRankable }, held, measure) {
  const sizeOf = (/** @type {import("./tabulate.js").Row} */ row) => size(row.total, measure.field?.name ?? null);
  const count = word("stats.kinds", { count: number(held.length) });
  const [first, next] = [...held].sort((a, b) => sizeOf(b) - sizeOf(a));
  return isRankable && sizeOf(first) > sizeOf(next) ? count + word("stats.comma") + word("stats.most", { named: said(first, measure) }) : count;
}

/** @param {import("./tabulate.js").Row} row @param {boolean} isDistrict */
function restText({ kind, label, total }, isDistrict) {
  const count = number(total.count + total.inferred);
  return kind === "unknown" ? word(isDistrict ? "stats.count_unknown_district" : "stats.count_unknown", { count }) : countText(label, total);
}

/** Parts with stops of the language between them and at the end. @param {string[]} parts */
export function sentence(parts) {
  return parts.filter(Boolean).join(word("stats.semicolon")) + word("stats.stop");
}
