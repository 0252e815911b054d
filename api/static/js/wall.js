// Draws a wall anew again and again; where that fails it says so, so that nobody takes old numbers for new ones.
const main = () => document.querySelector("main[data-renewed]");

setInterval(renew, 1000 * Number(main().dataset.renewed));

async function renew() {
  try {
    const answer = await fetch(location.href, { credentials: "same-origin", redirect: "error" });
    if (!answer.ok) throw new Error(`wall: ${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    main().replaceWith(document.adoptNode(page.querySelector("main[data-renewed]")));
  } catch (error) {
    console.warn(error);
    main().querySelector("[data-stale]").hidden = false;
  }
}
