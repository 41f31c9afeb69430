import type { Kind } from "./lib/device-list.ts";

/** The name of the device that the signed-in person chose in the settings, in whatever browser:
    written into the frame by the server. */
export function nameOfOwn(kind: Kind): string {
  return document.getElementById("frame")?.getAttribute(`data-${kind}`) ?? "";
}
