// Puts up the body of a map that is a file, in the language that its address asks for, else in its own.
// A classic script behind the templates, since whatever follows looks for the elements in them.
(() => {
  const { hash } = window.location;
  const asked = new URLSearchParams(hash.startsWith("#?") ? hash.slice(2) : document.documentElement.dataset.view).get("lang");
  const bodies = [...document.querySelectorAll("template")];
  const body = bodies.find(({ lang }) => lang.slice(0, 2) === asked) ?? bodies[0];
  document.documentElement.lang = body.lang;
  document.title = body.title;
  document.body.prepend(body.content);
})();
