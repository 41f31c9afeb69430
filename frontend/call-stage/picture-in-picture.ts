/* "Bild im Bild": the other person's picture in a window of its own, above other programs; only
   offered where the browser can. */
import type { Phase } from "../lib/machine.ts";
import type { StageFeature } from "./features.ts";
import type { Notices } from "./notices.ts";
import { part } from "./parts.ts";

export class PictureInPicture implements StageFeature {
  readonly actions = { "picture-in-picture": () => void this.#toggle() };
  readonly keys = { p: () => void this.#toggle() };
  readonly #stage: HTMLElement;
  readonly #notices: Notices;
  readonly #button: HTMLElement;

  constructor(stage: HTMLElement, notices: Notices) {
    this.#stage = stage;
    this.#notices = notices;
    this.#button = part(stage, "picture-in-picture");
    this.#button.hidden = !document.pictureInPictureEnabled;
    for (const event of ["enterpictureinpicture", "leavepictureinpicture"])
      stage.addEventListener(event, () => this.#mark(), true);
  }

  turned(phase: Phase): void {
    if (phase !== "active" && this.#isOn) void this.#leave();
  }

  get #isOn(): boolean {
    return this.#stage.contains(document.pictureInPictureElement);
  }

  async #toggle(): Promise<void> {
    if (!document.pictureInPictureEnabled) return;
    if (this.#isOn) return this.#leave();
    const name = this.#stage.hasAttribute("data-screen") ? "screen" : "remote";
    await part<HTMLVideoElement>(this.#stage, name)
      .requestPictureInPicture()
      .catch(() => this.#notices.say("no-picture"));
  }

  async #leave(): Promise<void> {
    await document.exitPictureInPicture().catch(() => undefined);
  }

  #mark(): void {
    this.#button.setAttribute("aria-pressed", String(this.#isOn));
  }
}
