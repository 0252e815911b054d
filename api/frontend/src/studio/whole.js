// Which part of a drawing is in sight, beside what stands over the canvas (the palette, a model's name), not beneath it.
const GAP = 16;
const READABLE = 0.6;

// All of it, as small as it must be.
export function whole(canvas, ...over) {
  const room = roomOf(canvas, over);
  if (room) show(canvas, room, Math.min(1, fitting(room)), room.inner.x, middle(room.inner));
}

// All of it where that can be read; else as much as can be, from the start event on.
export function readable(canvas, start, ...over) {
  const room = roomOf(canvas, over);
  if (!room) return;
  if (fitting(room) >= READABLE) return whole(canvas, ...over);
  const { inner } = room;
  const scale = Math.max(READABLE, Math.min(1, high(room)));
  const fits = inner.height * scale <= room.height - 2 * GAP;
  show(canvas, room, scale, start?.x ?? inner.x, fits || !start ? middle(inner) : middle(start));
}

function roomOf(canvas, over) {
  const { width, height } = canvas.getSize();
  const { inner } = canvas.viewbox();
  if (!inner.width || !inner.height) return null;
  const left = canvas.getContainer().getBoundingClientRect().left;
  const taken = Math.max(0, ...over.map((one) => (one?.getBoundingClientRect().right ?? left) - left)) + GAP;
  const beside = width - taken - GAP > width / 3 ? taken : GAP; // a phone has no room beside
  return { width, height, inner, beside };
}

const high = ({ height, inner }) => (height - 2 * GAP) / inner.height;
const fitting = (room) => Math.min((room.width - room.beside - GAP) / room.inner.width, high(room));
const middle = ({ y, height }) => y + height / 2;

function show(canvas, { width, height, beside }, scale, left, centre) {
  canvas.viewbox({ x: left - beside / scale, y: centre - height / scale / 2, width: width / scale, height: height / scale });
}
