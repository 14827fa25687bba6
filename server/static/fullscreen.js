/** The map and its panels on the whole screen, for a meeting. */

import { word } from "./words.js";

/** @returns {import("./toolbar.js").Tool[]} none where the browser cannot, as on some phones */
export function fullScreen() {
  if (!document.fullscreenEnabled) return [];
  let end = () => {};
  document.addEventListener("fullscreenchange", () => {
    const is = document.fullscreenElement !== null;
    document.body.classList.toggle("is-full", is);
    if (!is) end();
  });
  return [
    {
      id: "full",
      title: word("full.title"),
      sign: "M6 2H2V6M10 2H14V6M14 10V14H10M6 14H2V10",
      beside: true,
      start: (use) => {
        end = use.end;
        document.documentElement.requestFullscreen().catch(end);
      },
      stop: () => {
        if (document.fullscreenElement) document.exitFullscreen();
      },
    },
  ];
}
