// My work with a script: keys that walk along the list, and a notice when something has changed meanwhile. The notice
// moves nothing that one is reading; the list itself changes only when the page is asked for again.

const EVERY = 20_000;
const TYPING = "input, select, textarea, [contenteditable]";
// Whoever speaks to their computer, or trembles, presses such keys unawares: they can be switched off on this device
// (WCAG 2.1.4). menu.js asks for the same.
const OFF = "hejie-keys-off";

const list = document.querySelector("[data-items]");
const news = document.querySelector("[data-live]");

if (list) walkByKeys();
if (news) watch();

function walkByKeys() {
  document.querySelector("[data-keys]").hidden = false;
  const button = document.querySelector("[data-keys-switch]");
  const labels = [button.textContent, button.dataset.keysSwitch];
  const say = () => (button.textContent = labels[Number(OFF in localStorage)]);
  button.addEventListener("click", () => {
    if (OFF in localStorage) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
    say();
  });
  say();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING) || OFF in localStorage) return;
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    const arrow = event.key.startsWith("Arrow");
    if (!step || (arrow && !list.contains(document.activeElement))) return; // arrows scroll, until one is in the list
    event.preventDefault();
    const links = [...list.querySelectorAll("h2 a")];
    const here = links.findIndex((link) => link.closest("li").contains(document.activeElement));
    links[Math.max(0, Math.min(links.length - 1, here + step))].focus();
  });
}

/** Ask every twenty seconds while the page is in sight; an answer of 304 says that nothing has changed. */
function watch() {
  const known = JSON.parse(news.dataset.known);
  let tag = "";
  let timer = 0;
  const ask = async () => {
    clearTimeout(timer);
    if (document.visibilityState === "hidden") return;
    try {
      const answer = await fetch(news.dataset.live, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
      if (answer.status === 401) return;
      if (answer.ok) {
        tag = answer.headers.get("ETag") ?? "";
        tell(known, (await answer.json()).versions);
      }
    } catch {
      // no connection: the next time
    }
    timer = setTimeout(ask, EVERY);
  };
  document.addEventListener("visibilitychange", ask);
  timer = setTimeout(ask, EVERY);
}

function tell(known, now) {
  const fresh = Object.keys(now).filter((id) => !(id in known)).length;
  const changed = Object.keys(known).filter((id) => known[id] !== now[id]).length;
  const says = JSON.parse(news.dataset.says);
  const sentence = fresh && changed ? says.both : fresh ? says.new : says.changed;
  const text = sentence.replace("{new}", fresh).replace("{changed}", changed);
  const line = news.querySelector("[data-news]");
  line.hidden = !(fresh || changed);
  const said = news.querySelector("[data-says-now]");
  if (said.textContent !== text) said.textContent = text; // what is the same is not read out again
}
