/** The code for other people's pages: the element says all that the frame's address says, and nothing that is no parameter. */

import "./globals.js";
import assert from "node:assert/strict";
import test from "node:test";

const { elementCode, frameAddress } = await import("../../server/static/embedcode.js");
const { OPTIONS, VIEW } = await import("../../server/static/parameters.js");

const WITHOUT = ["drawer", "slides"]; // which have no room in a frame

function wish(query) {
  const options = { legend: false, search: true, filters: true, locked: true };
  return { view: new URL(`https://maps.test/?${new URLSearchParams(query)}`), base: "/", title: "园区 \"<b>&", name: "map", height: 480, options, theme: "dark", lang: "zh", alt: "", caption: "" };
}

/** The attributes of the element, as a browser reads them. */
function attributesOf(code) {
  const [, said] = code.match(/<zone-atlas ([^>]*)>/);
  const plain = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
  return Object.fromEntries([...said.matchAll(/([^\s=]+)="([^"]*)"/g)].map(([, name, text]) => [name, plain(text)]));
}

test("the element shows what the frame shows", () => {
  const all = wish(Object.fromEntries(VIEW.map((name) => [name, `${name} "<1>&`])));
  const { title, height, heading, ...said } = attributesOf(elementCode(all));
  assert.deepEqual([title, height], ["map", "480"]);
  assert.deepEqual({ ...said, title: heading }, Object.fromEntries(new URL(frameAddress(all)).searchParams));
  assert.deepEqual(Object.keys(said).sort(), [...VIEW, ...OPTIONS].filter((name) => name !== "title" && !WITHOUT.includes(name)).sort());
});

test("what is no parameter is no attribute", () => {
  const said = attributesOf(elementCode(wish({ onclick: "alert(1)", style: "position:fixed", "x><b": "1", zoom: "9" })));
  assert.deepEqual(Object.keys(said).sort(), ["filters", "heading", "height", "legend", "locked", "search", "theme", "title", "zoom"]);
});
