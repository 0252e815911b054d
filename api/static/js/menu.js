// The menu at the end of the main row closes when one looks elsewhere: a click or the focus outside of it, or Escape.
// Without this script it opens and closes by its own button alone.

const menu = document.querySelector("[data-menu]");

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
