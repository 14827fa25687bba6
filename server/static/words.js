/** The page's words in the reader's language, and numbers, distances and dates written as that language writes them. */

/** @typedef {"zh" | "en"} Lang */
/** @typedef {{zh: string, en: string}} Text */

/** @type {Lang} */
export const lang = document.documentElement.lang.startsWith("en") ? "en" : "zh";

/** @type {Record<string, string>} */
let words = {};

/** @param {Record<string, string>} said */
export function setWords(said) {
  words = said;
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function word(key, values = {}) {
  const sentence = words[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Whether a sentence of the server's is in the reader's language. @param {string} sentence */
export function isReadable(sentence) {
  return lang === "en" || /[\u3400-\u9fff]/.test(sentence);
}

/**
 * A text of the data in the reader's language; the other language where that one is missing.
 * @param {Partial<Text> | string | null | undefined} text
 * @returns {string}
 */
export function say(text) {
  if (text === null || text === undefined) return "";
  if (typeof text === "string") return text;
  return text[lang] || text[lang === "zh" ? "en" : "zh"] || "";
}

const locale = lang === "zh" ? "zh-CN" : "en-GB";
const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
const dates = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" });

/** @param {number | bigint} value */
export function number(value) {
  return numbers.format(value);
}

/**
 * An ISO date in words; anything else comes back as it is.
 * @param {string} value
 */
export function date(value) {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(value) ? new Date(`${value}T00:00:00Z`) : null;
  return day && !Number.isNaN(day.getTime()) ? dates.format(day) : value;
}

/** @param {number} metres */
export function distance(metres) {
  if (metres < 1000) return word("unit.metre", { value: number(Math.round(metres)) });
  return word("unit.kilometre", { value: number(Math.round(metres / 100) / 10) });
}

/** Names joined as the language joins them. @param {string[]} parts */
export function joined(parts) {
  return parts.join(lang === "zh" ? "、" : ", ");
}
