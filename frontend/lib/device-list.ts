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

/** Chromium lists the system's own choice twice more, as devices of their own. */
const TWINS = ["default", "communications"];
/** Chromium writes the numbers of maker and product behind a camera's name, others do not. */
const NUMBERS = /\s*\([0-9a-f]{4}:[0-9a-f]{4}\)$/i;

export async function listDevices(): Promise<Listed[]> {
  const found = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  return found.flatMap(({ kind, deviceId, label }) => {
    const ours = BROWSERS[kind];
    return ours && deviceId ? [{ kind: ours, id: deviceId, label }] : [];
  });
}

/** Those of one kind that can be pointed at, each once. */
export function devicesOf(kind: Kind, devices: Listed[]): Listed[] {
  return devices.filter((device) => device.kind === kind && !TWINS.includes(device.id));
}

/** The id of what was chosen in this browser; "" = whatever the browser takes. */
export function preferredDevice(kind: Kind): string {
  return rememberedDevice(kind) ?? "";
}

/** Null: nobody has chosen in this browser yet, which "" does not say. */
function rememberedDevice(kind: Kind): string | null {
  const id = remembered()[kind];
  return typeof id === "string" ? id : null;
}

/** The id of the device that has this name; "" where none has, or names are not told yet. */
export function deviceNamed(name: string, kind: Kind, devices: Listed[]): string {
  const wanted = name.replace(NUMBERS, "");
  const found = devicesOf(kind, devices).find(({ label }) => label.replace(NUMBERS, "") === wanted);
  return wanted === "" ? "" : (found?.id ?? "");
}

/** What was chosen in this browser, else what bears the name that the account remembers: ids are
    made by each browser for itself. */
export function deviceToUse(kind: Kind, name: string): string | Promise<string> {
  const id = rememberedDevice(kind);
  if (id !== null || name === "") return id ?? "";
  return listDevices().then((devices) => deviceNamed(name, kind, devices));
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
