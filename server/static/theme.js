// Sets the theme before anything is painted: the link's, else the reader's last choice, else the system's.
// A classic script in the head, since modules run after the first paint.
(() => {
  const { hash, search } = window.location;
  // A map that is a file has a view of its own, and after the hash what its reader made of it.
  const { view } = document.documentElement.dataset;
  const params = new URLSearchParams(view === undefined ? search : hash.startsWith("#?") ? hash.slice(2) : view);
  const asked = params.get("theme");
  let kept = null;
  try {
    kept = window.localStorage.getItem("zoneatlas-theme");
  } catch {
    // Storage may be closed to the page (embedded, private): the system's theme then.
  }
  const known = [asked, kept].find((theme) => theme === "light" || theme === "dark");
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = known ?? (dark ? "dark" : "light");
})();
