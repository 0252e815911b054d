// A form as the server will show it, in Chinese and in English, each in a frame of its own so that no styles mix.
import { after, asked, setup } from "./page.js";

const PAUSE = 500;

export function preview(read) {
  const look = async () => {
    const content = await read();
    for (const place of document.querySelectorAll("[data-preview]")) {
      const told = await asked(`${setup.tools}/forms`, { content, locale: place.dataset.preview });
      if (told) place.replaceChildren(...shown(told));
    }
  };
  look();
  return after(PAUSE, look);
}

// The server made it from the form's texts, which it escapes; it is parsed without running anything.
function shown({ html, problem }) {
  if (problem) return [problem];
  const parsed = new DOMParser().parseFromString(html, "text/html");
  for (const one of parsed.querySelectorAll("[id], [for], [aria-describedby], [name]")) {
    for (const name of ["id", "for", "aria-describedby", "name"]) {
      if (one.hasAttribute(name)) one.setAttribute(name, `preview-${one.getAttribute(name)}`);
    }
  }
  return [...parsed.body.childNodes];
}
