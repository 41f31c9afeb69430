/* What the check of a device found. The server's `DeviceCheck` has the same rule for the light;
   tests/guests/lights.json holds both to it. */
import type { Path } from "./path.ts";

export type Light = "green" | "yellow" | "red";

/** True, false, or null for what was not tried. The body of `POST …/check/result/`. */
export interface CheckResult {
  camera: boolean | null;
  microphone: boolean | null;
  speaker: boolean | null;
  path: Path | "";
  slow: boolean | null;
}

export function lightOf({ camera, microphone, speaker, path, slow }: CheckResult): Light {
  if (microphone === false || speaker === false || path === "none") return "red";
  const works = camera && microphone && speaker && path !== "" && !slow;
  return works ? "green" : "yellow";
}
