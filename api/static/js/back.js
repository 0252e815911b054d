// A form that was refused, and the receipt of a report, answer a request that a browser does not repeat by itself: on the
// way back it would show an error page instead. Such a page becomes an entry of the history like any other, and what
// stands on it, typed words as well, is kept in that entry, for the same session alone. Runs before all other scripts.

const PAUSE = 300; // milliseconds after the last key
const root = document.documentElement;
const main = document.querySelector("main");
const kept = window.history.state;
const anew = performance.getEntriesByType("navigation")[0]?.type === "navigate"; // a link to the address where one is

if (root.hasAttribute("data-comes-back")) keep();
else if (kept?.main && anew) window.history.replaceState(null, "");
else if (kept?.main && kept.token === token() && kept.forms.every((action) => forms().includes(action))) {
  main.innerHTML = kept.main;
  document.title = kept.title;
  root.setAttribute("data-comes-back", "");
}

if (root.hasAttribute("data-comes-back")) {
  let timer = 0;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  };
  for (const event of ["input", "change"]) document.addEventListener(event, later);
  window.addEventListener("beforeunload", keep);
}

/** The session's own token: it changes with whoever is signed in. */
function token() {
  return document.querySelector("header [name=csrf_token]")?.value ?? "";
}

/** Where the forms of the library on this page are sent; a page that has lost one has gone on meanwhile. */
function forms() {
  return [...main.querySelectorAll("form [data-form-fields]")].map((fields) => fields.closest("form").getAttribute("action"));
}

function keep() {
  for (const control of main.querySelectorAll("input:not([type=password], [type=file]), textarea, option")) {
    if (control.matches("textarea")) control.textContent = control.value;
    else if (control.matches("option")) control.toggleAttribute("selected", control.selected);
    else if (/^(checkbox|radio)$/.test(control.type)) control.toggleAttribute("checked", control.checked);
    else control.setAttribute("value", control.value);
  }
  window.history.replaceState({ main: main.innerHTML, title: document.title, token: token(), forms: forms() }, "");
}
