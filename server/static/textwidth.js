/** Widths of labels before they are on the page, so that placing them costs no layout. */

/** @type {CanvasRenderingContext2D | null} */
let pen = null;
/** @type {Map<string, number>} */
const widths = new Map();

/**
 * @param {string} text
 * @param {number} size pixels
 * @param {number} [weight]
 * @returns {number} pixels
 */
export function textWidth(text, size, weight = 400) {
  const key = `${size} ${weight} ${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    pen ??= document.createElement("canvas").getContext("2d");
    if (!pen) return text.length * size;
    pen.font = `${weight} ${size}px ${getComputedStyle(document.body).fontFamily}`;
    width = Math.ceil(pen.measureText(text).width);
    widths.set(key, width);
  }
  return width;
}

/**
 * Cuts a long name for a label; the full one stays in the element's title and name.
 * @param {string} text
 * @param {number} most pixels
 * @param {number} size pixels
 */
export function shortened(text, most, size) {
  if (textWidth(text, size, 600) <= most) return text;
  const signs = [...text];
  while (signs.length > 1 && textWidth(`${signs.join("")}…`, size, 600) > most) signs.pop();
  return `${signs.join("").trimEnd()}…`;
}
