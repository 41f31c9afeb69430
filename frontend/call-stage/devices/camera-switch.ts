/* "Kamera wechseln": between front and back on telephones, to the next camera elsewhere. */
import { listDevices } from "../../lib/device-list.ts";
import type { LocalMedia } from "../../lib/media.ts";
import type { StageFeature } from "../features.ts";
import type { Notices } from "../notices.ts";
import { part } from "../parts.ts";

export class CameraSwitch implements StageFeature {
  readonly actions = { "switch-camera": () => void this.#switch() };
  readonly #stage: HTMLElement;
  readonly #media: LocalMedia;
  readonly #notices: Notices;
  #cameras: string[] = [];
  #switching = false;

  constructor(stage: HTMLElement, media: LocalMedia, notices: Notices) {
    this.#stage = stage;
    this.#media = media;
    this.#notices = notices;
    navigator.mediaDevices?.addEventListener("devicechange", () => void this.#count());
    // Before the first permission browsers tell only that there is a camera, not how many.
    media.onChange(() => void this.#count());
  }

  render(): void {
    const track = this.#media.track("camera");
    part(this.#stage, "switch-camera").hidden = track === null || this.#cameras.length < 2;
    const isAway = track?.getSettings().facingMode === "environment";
    // Only what looks at oneself is a mirror.
    part(this.#stage, "own").toggleAttribute("data-away", isAway);
  }

  async #count(): Promise<void> {
    const devices = await listDevices();
    this.#cameras = devices.filter(({ kind }) => kind === "camera").map(({ id }) => id);
    this.render();
  }

  async #switch(): Promise<void> {
    const settings = this.#media.track("camera")?.getSettings();
    if (settings === undefined || this.#switching) return;
    this.#switching = true;
    const wishes = [this.#otherSide(settings), this.#next(settings)];
    let worked = false;
    for (const wish of wishes) worked ||= wish !== null && (await this.#media.use("camera", wish));
    this.#switching = false;
    if (!worked) this.#notices.say("camera-failed");
  }

  #otherSide({ facingMode }: MediaTrackSettings): MediaTrackConstraints | null {
    if (facingMode !== "user" && facingMode !== "environment") return null;
    return { facingMode: { exact: facingMode === "user" ? "environment" : "user" } };
  }

  #next({ deviceId }: MediaTrackSettings): MediaTrackConstraints | null {
    const next = this.#cameras[(this.#cameras.indexOf(deviceId ?? "") + 1) % this.#cameras.length];
    return next && next !== deviceId ? { deviceId: { exact: next } } : null;
  }
}
