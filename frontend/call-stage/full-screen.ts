/* "Vollbild": only offered where the browser can (iPhones cannot). */
import type { Phase } from "../lib/machine.ts";
import type { StageFeature } from "./features.ts";
import { part } from "./parts.ts";

export class FullScreen implements StageFeature {
  readonly actions = { "full-screen": () => void this.#toggle() };
  readonly keys = { f: () => void this.#toggle() };
  readonly #stage: HTMLElement;
  readonly #button: HTMLElement;

  constructor(stage: HTMLElement) {
    this.#stage = stage;
    this.#button = part(stage, "full-screen");
    this.#button.hidden = !document.fullscreenEnabled;
    document.addEventListener("fullscreenchange", () => {
      this.#button.setAttribute("aria-pressed", String(this.#isOn));
    });
  }

  turned(phase: Phase): void {
    if (phase !== "active" && phase !== "outgoing" && this.#isOn) void this.#leave();
  }

  get #isOn(): boolean {
    return document.fullscreenElement === this.#stage;
  }

  async #toggle(): Promise<void> {
    if (!document.fullscreenEnabled) return;
    if (this.#isOn) await this.#leave();
    else await this.#stage.requestFullscreen().catch(() => undefined);
  }

  async #leave(): Promise<void> {
    await document.exitFullscreen().catch(() => undefined);
  }
}
