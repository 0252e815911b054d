// All of a drawing in sight, beside what stands over the canvas (the palette, a model's name), not beneath it.
const GAP = 16;

export function whole(canvas, ...over) {
  const { width, height } = canvas.getSize();
  const { inner } = canvas.viewbox();
  if (!inner.width || !inner.height) return;
  const left = canvas.getContainer().getBoundingClientRect().left;
  const taken = Math.max(0, ...over.map((one) => (one?.getBoundingClientRect().right ?? left) - left)) + GAP;
  const beside = width - taken - GAP > width / 3 ? taken : GAP; // a phone has no room beside
  const scale = Math.min(1, (width - beside - GAP) / inner.width, (height - 2 * GAP) / inner.height);
  canvas.viewbox({
    x: inner.x - beside / scale,
    y: inner.y - (height / scale - inner.height) / 2,
    width: width / scale,
    height: height / scale,
  });
}
