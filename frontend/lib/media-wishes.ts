/* What is asked of a camera and a microphone. */
import type { Device } from "./media.ts";

export const WANTED: Record<Device, MediaTrackConstraints> = {
  camera: { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: "user" },
  microphone: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
};

/** A certain device was chosen: which way it looks does not matter any more. */
export function without(device: Device): MediaTrackConstraints {
  const { facingMode: _, ...rest } = WANTED[device];
  return rest;
}

export function plain(constraints: MediaTrackConstraints): MediaTrackConstraints | true {
  return Object.keys(constraints).length > 0 ? constraints : true;
}
