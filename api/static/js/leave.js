// Leaving quickly, for whoever must not be seen here: the page is gone at once, and the way back does not lead to it.

const PAUSE = 800; // milliseconds between two presses of Escape that belong together
const way = document.querySelector("[data-leave]");
let last = -Infinity; // not 0: the first press within a moment of the page's opening would count as the second

function leave(event) {
  event.preventDefault();
  document.documentElement.replaceChildren(); // a slow network must not keep it in sight
  window.location.replace(way.href);
}

way.addEventListener("click", leave);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (event.timeStamp - last < PAUSE) leave(event);
  last = event.timeStamp;
});
