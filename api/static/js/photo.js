// A photo made smaller, with the camera's note of time and place (EXIF) kept: it belongs to the record.

const MAX_SIDE = 1600;
const QUALITY = 0.85;
const SOI = 2; // bytes of a JPEG's start marker
const EXIF_HEADER = 10; // marker, length, "Exif\0\0"
const ORIENTATION = 0x0112;

/** A photo with a side over 1600 pixels, made smaller; anything else, and whatever cannot be read as a photo, as it is. */
export async function shrunk(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type)) return file;
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = MAX_SIDE / Math.max(bitmap.width, bitmap.height);
    if (scale >= 1) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    if (!blob || blob.size >= file.size) return file;
    const exif = exifOf(new Uint8Array(await file.arrayBuffer()));
    const small = new Uint8Array(await blob.arrayBuffer());
    const parts = exif ? [small.slice(0, SOI), exif, small.slice(SOI)] : [small];
    return new File(parts, file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" });
  } catch {
    return file;
  }
}

/** The EXIF segment of a JPEG, as bytes, turned upright since the canvas has turned the picture; null if it has none. */
export function exifOf(bytes) {
  const view = new DataView(bytes.buffer);
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
  for (let at = SOI; at + EXIF_HEADER < view.byteLength && view.getUint8(at) === 0xff; ) {
    const length = 2 + view.getUint16(at + 2);
    if (view.getUint16(at) === 0xffe1 && view.getUint32(at + 4) === 0x45786966) return upright(bytes.slice(at, at + length));
    if (view.getUint16(at) === 0xffda) return null; // the picture itself begins
    at += length;
  }
  return null;
}

function upright(segment) {
  const view = new DataView(segment.buffer);
  const little = view.getUint16(EXIF_HEADER) === 0x4949;
  const first = EXIF_HEADER + view.getUint32(EXIF_HEADER + 4, little);
  for (let entry = 0; entry < view.getUint16(first, little); entry += 1) {
    const at = first + 2 + 12 * entry;
    if (view.getUint16(at, little) === ORIENTATION) view.setUint16(at + 8, 1, little);
  }
  return segment;
}
