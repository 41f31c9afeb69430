/* What helps support to help: the kind of browser and devices, never their names or numbers. */
import { browserOf, systemOf } from "../lib/browsers.ts";

export interface Surroundings {
  agent: string;
  touchPoints: number;
  width: number;
  height: number;
  /** Kinds of the devices that the browser tells of. */
  kinds: readonly string[];
  /** "granted", "denied", "prompt", or "" where the browser does not say. */
  camera: string;
  microphone: string;
  isOnline: boolean;
  /** "4g" and the like; "" where the browser does not say. */
  network: string;
}

/** By the name of each line, in the order in which they are shown. */
export function factsOf(found: Surroundings): Record<string, string> {
  const version = /(?:Firefox|Edg|Chrome|Version)\/(\d+)/.exec(found.agent)?.[1] ?? "";
  const browser = `${browserOf(found.agent, found.touchPoints)} ${version}`.trim();
  const count = (kind: string) => String(found.kinds.filter((known) => known === kind).length);
  return {
    browser: `${browser}, ${systemOf(found.agent, found.touchPoints)}`,
    window: `${found.width} × ${found.height}`,
    cameras: count("videoinput"),
    microphones: count("audioinput"),
    "camera-allowed": found.camera || "?",
    "microphone-allowed": found.microphone || "?",
    connection: [found.isOnline ? "online" : "offline", found.network].filter(Boolean).join(", "),
  };
}
