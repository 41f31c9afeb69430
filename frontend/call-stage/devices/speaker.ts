/* Where the others are heard: the chosen speaker, where the browser lets one choose. */
import { deviceToUse, listDevices, preferredDevice } from "../../lib/device-list.ts";
import type { Phase } from "../../lib/machine.ts";
import { nameOfOwn } from "../../own-devices.ts";
import type { StageFeature } from "../features.ts";

export class Speaker implements StageFeature {
  /** "default" is the browser's own word for "whatever the system uses". */
  id = preferredDevice("speaker") || "default";
  readonly #stage: HTMLElement;

  constructor(stage: HTMLElement) {
    this.#stage = stage;
    navigator.mediaDevices?.addEventListener("devicechange", () => void this.#follow());
  }

  get isPossible(): boolean {
    return "setSinkId" in HTMLMediaElement.prototype;
  }

  render(): void {
    if (this.isPossible) void this.#apply(this.id);
  }

  /** The choice may have changed since the last call: in the settings, or in another tab. */
  turned(phase: Phase): void {
    if (phase === "outgoing" || phase === "active") void this.#follow();
  }

  async use(id: string): Promise<boolean> {
    const worked = await this.#apply(id);
    if (worked) this.id = id;
    else await this.#apply(this.id);
    return worked;
  }

  /** What was chosen is unplugged: the system's own meanwhile; it is back: back to it. */
  async #follow(): Promise<void> {
    const wanted = (await deviceToUse("speaker", nameOfOwn("speaker"))) || "default";
    const speakers = (await listDevices()).filter(({ kind }) => kind === "speaker");
    // Without a permission browsers list none: that says nothing.
    if (speakers.length === 0) return;
    this.id = speakers.some(({ id }) => id === wanted) ? wanted : "default";
    this.render();
  }

  async #apply(id: string): Promise<boolean> {
    const sink = id === "default" ? "" : id;
    const videos = [...this.#stage.querySelectorAll<HTMLVideoElement>("video:not([muted])")];
    const applied = videos
      .filter((video) => video.sinkId !== sink)
      .map((video) =>
        video.setSinkId(sink).then(
          () => true,
          () => false,
        ),
      );
    return (await Promise.all(applied)).every(Boolean);
  }
}
