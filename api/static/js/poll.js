// Looks again at a part of the page that goes on by itself: <section id data-poll="seconds">, until it says no more.
const WAIT = 1000;

function poll(part) {
  setTimeout(() => look(part.id), Number(part.dataset.poll) * WAIT);
}

async function look(id) {
  const part = document.getElementById(id);
  if (!part) return;
  if (part.contains(document.activeElement) || document.hidden) return poll(part); // nobody loses their place
  const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok) return poll(part);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(id);
  if (!fresh) return;
  const ended = !("poll" in fresh.dataset);
  part.replaceWith(fresh);
  if (ended) location.reload();
  else poll(fresh);
}

for (const part of document.querySelectorAll("[data-poll]")) poll(part);
