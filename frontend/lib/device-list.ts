/* The cameras, microphones and speakers of this device, and which of them somebody chose here. */
import type { Device } from "./media.ts";

export type Kind = Device | "speaker";
export const KINDS: Kind[] = ["camera", "microphone", "speaker"];

const BROWSERS: Record<string, Kind> = {
  videoinput: "camera",
  audioinput: "microphone",
  audiooutput: "speaker",
};
/** The one thing of ours in the browser's storage (docs/compliance/data-catalogue.md). */
const KEY = "hc_devices";

export interface Listed {
  kind: Kind;
  id: string;
  /** "" until the browser allows the device. */
  label: string;
}

export async function listDevices(): Promise<Listed[]> {
  const found = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  return found.flatMap(({ kind, deviceId, label }) => {
    const ours = BROWSERS[kind];
    return ours && deviceId ? [{ kind: ours, id: deviceId, label }] : [];
  });
}

/** The id of what was chosen in this browser; "" = whatever the browser takes. */
export function preferredDevice(kind: Kind): string {
  const id = remembered()[kind];
  return typeof id === "string" ? id : "";
}

export function preferDevice(kind: Kind, id: string): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...remembered(), [kind]: id }));
  } catch {
    // Storage is switched off: the choice holds for this page only.
  }
}

function remembered(): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
