// The header of whoever is signed in. The menu at the end of its row closes when one looks elsewhere: a click or the
// focus outside of it, or Escape; without this script it opens and closes by its own button alone. / leads to the search.

const menu = document.querySelector("[data-menu]");
const OFF = "hejie-keys-off"; // set where my work is listed
const TYPING = "input, select, textarea, [contenteditable], [data-diagram-canvas]";

document.addEventListener("keydown", (event) => {
  const find = document.querySelector("[data-find]");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
  if (OFF in localStorage) return;
  if (!find?.checkVisibility()) return; // on a narrow screen the box stands on the search's own page
  event.preventDefault();
  find.focus();
});

if (menu) {
  const leave = (event) => menu.contains(event.target) || (menu.open = false);
  document.addEventListener("click", leave);
  document.addEventListener("focusin", leave);
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
