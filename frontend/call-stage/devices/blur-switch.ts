/* "Hintergrund weichzeichnen" in the panel "Geräte". */
import { Blur, type Blurrer, type BlurState } from "../../lib/blur.ts";
import type { Phase } from "../../lib/machine.ts";
import type { LocalMedia } from "../../lib/media.ts";
import type { StageFeature } from "../features.ts";
import type { Notices } from "../notices.ts";
import { part, sentence, write } from "../parts.ts";

/** What frontend/blur/blur.ts offers; named here, since this page is built without it. */
interface Code {
  openBlurrer(addresses: DOMStringMap): Promise<Blurrer>;
}

export class BlurSwitch implements StageFeature {
  readonly #stage: HTMLElement;
  readonly #notices: Notices;
  readonly #blur: Blur;
  readonly #switch: HTMLInputElement;

  constructor(stage: HTMLElement, media: LocalMedia, notices: Notices) {
    const { dataset } = part(stage, "blur");
    this.#stage = stage;
    this.#notices = notices;
    this.#switch = part<HTMLInputElement>(stage, "blur-switch");
    this.#blur = new Blur(
      media,
      async () => ((await import(dataset.code ?? "")) as Code).openBlurrer(dataset),
      (state) => this.#show(state),
    );
    this.#switch.addEventListener("change", () => {
      if (this.#switch.checked) void this.#blur.on();
      else this.#blur.off();
    });
  }

  /** Everything that it holds is given back with the end of the call. */
  turned(phase: Phase): void {
    if (phase !== "active" && phase !== "outgoing") this.#blur.off();
  }

  #show(state: BlurState): void {
    const line = part(this.#stage, "blur-state");
    write(line, sentence(line, state));
    this.#switch.checked = state === "loading" || state === "on";
    // The panel may be closed by then.
    if (state === "slow" || state === "broken") this.#notices.say(`blur-${state}`);
  }
}
