// The text of a diagram or a decision model as it is now: what was changed goes into the file as it came.
import { merged } from "./merge.js";

export const isDrawn = (text) => /<(?:[\w.-]+:)?BPMNShape[\s>]/.test(text);

export async function reader(modeler, original) {
  const { xml: before } = await modeler.saveXML({ format: true });
  return async () => merged(original, before, (await modeler.saveXML({ format: true })).xml);
}
