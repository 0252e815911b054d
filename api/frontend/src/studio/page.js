// What every editor's page gives its script: where the draft is, the reader's language, the token of forms.
export const setup = JSON.parse(document.getElementById("setup").textContent);
export const token = document.querySelector('meta[name="csrf-token"]').content;

export function ask(address, { method = "GET", json, ...more } = {}) {
  const headers = { "X-CSRF-Token": token, "Accept-Language": setup.locale, ...more.headers };
  if (json !== undefined) headers["Content-Type"] = "application/json";
  const body = json === undefined ? more.body : JSON.stringify(json);
  return fetch(address, { ...more, method, headers, body, credentials: "same-origin" });
}

// The answer's JSON, or null where it was refused or nobody answered: what is asked again soon needs no alarm.
export async function asked(address, json) {
  try {
    const answer = await ask(address, json === undefined ? {} : { method: "POST", json });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

export function after(pause, work) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, pause);
  };
}

export function element(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key in made && typeof value !== "string") made[key] = value;
    else if (value !== undefined) made.setAttribute(key, value);
  }
  made.append(...inside);
  return made;
}
