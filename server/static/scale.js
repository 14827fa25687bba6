/** The line on which a range is chosen: its edges, and the ends of a range that handles at these edges mean. */

import { beginning, next, numberEdges, timeEdges } from "./bins.js";
import { numeric } from "./conditions.js";
import { date, number } from "./words.js";

/** @typedef {number | string} End a number, or a date or instant as ISO 8601 writes it */

const DAY = { unit: /** @type {const} */ ("day"), every: 1 };

export class Scale {
  /** @param {import("./askable.js").AskableRange} asked */
  constructor({ field, least, greatest }) {
    this.type = field.type;
    this.isTime = field.type === "date" || field.type === "datetime";
    this.edges = this.isTime ? timeEdges(least, greatest) : numberEdges(least, greatest, field.type === "integer");
    this.last = this.edges.length - 1;
  }

  /** A handle at an edge as an end of a range; at the line's own end it is open. @param {number} at @param {boolean} isUpper @returns {End | null} */
  end(at, isUpper) {
    if (at === (isUpper ? this.last : 0)) return null;
    return this.value(this.edges[at], isUpper);
  }

  /** Days and whole numbers have a last one before the edge. @param {number} edge @param {boolean} isUpper @returns {End} */
  value(edge, isUpper) {
    if (this.isTime) return this.dayEnd(day(isUpper ? edge - 1 : edge), isUpper);
    return isUpper && this.type === "integer" ? edge - 1 : edge;
  }

  /** A day as an end of a range. @param {string} text @param {boolean} isUpper */
  dayEnd(text, isUpper) {
    if (this.type === "date") return text;
    return isUpper ? `${text}T23:59:59.999Z` : `${text}T00:00:00Z`;
  }

  /** The number of the edge that is nearest to an end; what is not open does not look so. @param {End | null} end @param {boolean} isUpper */
  at(end, isUpper) {
    if (end === null) return isUpper ? this.last : 0;
    const value = isUpper ? this.after(end) : numeric(end);
    const far = (/** @type {number} */ edge) => Math.abs(edge - value);
    const nearest = this.edges.reduce((best, edge, index) => (far(edge) < far(this.edges[best]) ? index : best), 0);
    return isUpper ? Math.min(nearest, this.last - 1) : Math.max(nearest, 1);
  }

  /** Where the two handles stand for a range, never at one place. @param {{least: End | null, greatest: End | null}} range */
  handles({ least, greatest }) {
    const low = Math.min(this.at(least, false), this.last - 1);
    return [low, Math.max(this.at(greatest, true), low + 1)];
  }

  /** Whether a bin holds a part of a range. @param {number} bin @param {{least: End | null, greatest: End | null}} range */
  isIn(bin, { least, greatest }) {
    const from = least === null ? -Infinity : numeric(least);
    const to = greatest === null ? Infinity : this.after(greatest);
    return this.edges[bin + 1] > from && (this.edges[bin] < to || this.edges[bin] === from);
  }

  /** Where what an upper end holds is over. @param {End} end */
  after(end) {
    if (this.isTime) return next(beginning(numeric(end), DAY), DAY);
    return numeric(end) + (this.type === "integer" ? 1 : 0);
  }

  /** @param {number} at the number of an edge @param {boolean} isUpper */
  text(at, isUpper) {
    const value = this.value(this.edges[at], isUpper);
    return typeof value === "string" ? date(value.slice(0, 10)) : number(value);
  }
}

/** The day (UTC) of a time in milliseconds since 1970. @param {number} time */
function day(time) {
  return new Date(time).toISOString().slice(0, 10);
}
