// Puts what was edited into the file as it came. The editors write what they understand in their own way; a diagram of
// another tool holds more. So the editor's text before the change and after it are compared element by element, and
// only the difference goes into the original, which keeps all else: foreign namespaces, comments, order, prefixes.
const XML = "application/xml";
const SPOTS = new Set(["Bounds", "waypoint"]);
const DECLARATION = /^\uFEFF?\s*<\?xml[^?]*\?>\s*/;

export function merged(original, before, after) {
  if (before === after) return original;
  const [kept, old, fresh] = [original, before, after].map(parsed);
  const places = index(kept);
  const was = index(old);
  const is = index(fresh);
  attributes(kept.documentElement, old.documentElement, fresh.documentElement);
  for (const [key, node] of is) {
    const now = places.get(key);
    if (!now && was.has(key) && shape(was.get(key)) === shape(node)) continue; // the editor made it up when it opened the file
    if (!now) insert(kept, places, is, key, node);
    else if (was.has(key)) {
      move(places, was, is, key, node);
      patch(now, was.get(key), node);
    }
  }
  for (const key of was.keys()) if (!is.has(key)) drop(places, key, was); // last: some of it may have moved elsewhere
  return written(kept, original);
}

// A tree as text, with the declaration that its file began with.
export function written(tree, original) {
  const [declaration] = original.match(DECLARATION) ?? [""];
  return declaration + new XMLSerializer().serializeToString(tree).replace(DECLARATION, "");
}

export function parsed(text) {
  const found = new DOMParser().parseFromString(text, XML);
  const wrong = found.querySelector("parsererror");
  if (wrong) throw new Error(wrong.textContent);
  return found;
}

// Elements by what they are called: their id, or for a shape, an edge or a page without one the element that it draws.
function index(tree) {
  const found = new Map();
  for (const node of tree.getElementsByTagName("*")) {
    const key = named(node);
    if (key && !found.has(key)) found.set(key, node);
  }
  return found;
}

function named(node) {
  const id = node.getAttribute("id");
  if (id) return id;
  const page = node.localName === "BPMNDiagram" ? node.firstElementChild : null;
  const drawn = (page ?? node).getAttribute("bpmnElement") ?? node.getAttribute("dmnElementRef");
  return drawn && `${node.localName} of ${drawn}`;
}

const keyless = (node) => [...node.children].filter((child) => !named(child));
const tag = (node) => `${node.namespaceURI} ${node.localName}`;

function keyOfParent(node) {
  for (let up = node.parentElement; up; up = up.parentElement) if (named(up)) return named(up);
  return null;
}

function patch(now, before, after) {
  attributes(now, before, after);
  if (own(before) !== own(after)) children(now, before, after);
  words(now, before, after);
}

function attributes(now, before, after) {
  for (const one of before.attributes) {
    if (!after.hasAttributeNS(one.namespaceURI, one.localName)) now.removeAttributeNS(one.namespaceURI, one.localName);
  }
  for (const one of after.attributes) {
    if (one.name.startsWith("xmlns")) {
      if (!now.hasAttribute(one.name)) now.setAttribute(one.name, one.value);
    } else if (before.getAttributeNS(one.namespaceURI, one.localName) !== one.value) {
      now.setAttributeNS(one.namespaceURI, one.namespaceURI ? prefixed(now, one) : one.name, one.value);
    }
  }
}

function prefixed(now, attribute) {
  const prefix = now.lookupPrefix(attribute.namespaceURI);
  return prefix ? `${prefix}:${attribute.localName}` : attribute.name;
}

function words(now, before, after) {
  if (now.children.length || after.children.length || before.textContent === after.textContent) return;
  now.textContent = after.textContent;
}

// What an element holds that has no name of its own: told as text, to see whether it changed.
function own(node) {
  return keyless(node)
    .map((child) => `${tag(child)}${[...child.attributes].map((one) => `${one.name}=${one.value}`).sort()}${
      child.children.length ? "" : child.textContent
    }[${own(child)}]`)
    .join();
}

// The nameless children of a kind are paired in their order; what is too many goes, what is missing comes.
function children(now, before, after) {
  const kinds = new Set([...keyless(before), ...keyless(after)].map(tag));
  for (const kind of kinds) {
    const [mine, old, fresh] = [now, before, after].map((one) => keyless(one).filter((child) => tag(child) === kind));
    if (old.length === fresh.length && mine.length >= old.length) {
      fresh.forEach((child, place) => patch(mine[place], old[place], child));
    } else {
      const anchor = mine.at(-1)?.nextSibling ?? null;
      const stay = mine.filter((child) => !old.some((one) => same(one, child)) || fresh.some((one) => same(one, child)));
      mine.filter((child) => !stay.includes(child)).forEach((child) => child.remove());
      const added = fresh.filter((child) => !hollow(child) && !stay.some((one) => same(one, child)));
      for (const child of added) place(now, now.ownerDocument.importNode(child, true), anchor, after, child);
    }
  }
}

// The editor leaves a label without anything in it wherever it has looked for one.
const hollow = (node) => node.localName === "BPMNLabel" && !node.children.length;
const same = (one, other) => one.isEqualNode(other) || shape(one) === shape(other);
const shape = (node) =>
  `${tag(node)}${[...node.attributes].filter((one) => !one.name.startsWith("xmlns")).map((one) => one.localName + one.value).sort()}${
    node.children.length ? [...node.children].filter((child) => !hollow(child)).map(shape) : node.textContent.trim()
  }`;

// Before what stands after it in the fresh text, if that is there, so that the order of the standard is kept.
function place(now, child, anchor, after, fresh) {
  if (anchor && anchor.parentNode === now) return now.insertBefore(child, anchor);
  for (let next = fresh.nextElementSibling; next; next = next.nextElementSibling) {
    const there = [...now.children].find((one) => (named(next) ? named(one) === named(next) : tag(one) === tag(next)));
    if (there) return now.insertBefore(child, there);
  }
  return now.appendChild(child);
}

function insert(kept, places, is, key, node) {
  const parentKey = keyOfParent(node);
  if (parentKey && !places.has(parentKey)) return; // it came along with its parent
  const home = parentKey ? places.get(parentKey) : kept.documentElement;
  const made = kept.importNode(node, true);
  for (const inner of [...made.getElementsByTagName("*")]) {
    const moved = named(inner) && places.get(named(inner));
    if (!moved) continue;
    if (made.localName === "BPMNDiagram") draw(moved, inner);
    inner.replaceWith(moved);
  }
  place(between(home, is.get(parentKey) ?? node.ownerDocument.documentElement, node), made, null, null, node);
  for (const inner of [made, ...made.getElementsByTagName("*")]) if (named(inner)) places.set(named(inner), inner);
}

// What a collapsed step holds was drawn on the page around it: the editor gave it a page of its own, and pushed it all.
function draw(now, fresh) {
  const [mine, theirs] = [now, fresh].map((one) => [...one.children].filter((part) => SPOTS.has(part.localName)));
  if (mine.length === theirs.length) theirs.forEach((part, place) => [...part.attributes].forEach((one) => mine[place].setAttribute(one.name, one.value)));
  else {
    mine[0].before(...theirs.map((part) => now.ownerDocument.importNode(part)));
    mine.forEach((part) => part.remove());
  }
  const [label, other] = [now, fresh].map((one) => [...one.children].find((part) => part.localName === "BPMNLabel"));
  if (label?.children.length && other?.children.length) draw(label, other);
}

// A new child may stand in a part without name (a plane's label, a lane set): the same part of the original.
function between(home, parent, node) {
  const path = [];
  for (let up = node.parentElement; up && up !== parent; up = up.parentElement) path.unshift(up);
  let found = home;
  for (const step of path) {
    let next = keyless(found).find((child) => tag(child) === tag(step));
    if (!next) next = place(found, found.ownerDocument.importNode(step, false), null, null, step);
    found = next;
  }
  return found;
}

function move(places, was, is, key, node) {
  const [from, to] = [keyOfParent(was.get(key)), keyOfParent(node)];
  if (from === to || !places.has(to)) return;
  place(places.get(to), places.get(key), null, null, node);
}

function drop(places, key, was) {
  const now = places.get(key);
  if (!now) return;
  for (const inner of [...now.getElementsByTagName("*")]) {
    const name = named(inner);
    if (name && !was.has(name)) return; // something in it was never understood: it stays
  }
  now.remove();
  places.delete(key);
}
