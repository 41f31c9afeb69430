/* A bar that moves with one's voice, and a line that says whether one is heard. */
import { sentence, write } from "../call-stage/parts.ts";
import { measureLevel } from "../lib/level.ts";

const HEARD = 0.06;
const LOUD = 0.4;
/** How often a screen reader may hear of the level. */
const TELL_EVERY = 1_000;

export class LevelBar {
  readonly #bar: HTMLElement;
  readonly #heard: HTMLElement;
  #measured: MediaStreamTrack | null = null;
  #stop: (() => void) | null = null;

  constructor(bar: HTMLElement, heard: HTMLElement) {
    this.#bar = bar;
    this.#heard = heard;
  }

  /** Measure this microphone from now on; null: none. */
  follow(microphone: MediaStreamTrack | null): void {
    if (microphone === this.#measured) return;
    this.#stop?.();
    this.#stop = null;
    this.#measured = microphone;
    if (microphone === null) return;
    write(this.#heard, sentence(this.#heard, "silent"));
    let told = 0;
    let loudest = 0; // since it was told last: speech has pauses
    this.#stop = measureLevel(new MediaStream([microphone]), (level) => {
      this.#bar.style.setProperty("--level", level.toFixed(2));
      if (level > HEARD) write(this.#heard, sentence(this.#heard, "heard"));
      loudest = Math.max(loudest, level);
      if (performance.now() - told < TELL_EVERY) return;
      told = performance.now();
      this.#tell(loudest);
      loudest = 0;
    });
  }

  #tell(loudest: number): void {
    if (this.#bar.getAttribute("role") !== "meter") return;
    const word = loudest > LOUD ? "loud" : loudest > HEARD ? "quiet" : "silent";
    this.#bar.setAttribute("aria-valuenow", String(Math.round(loudest * 100)));
    this.#bar.setAttribute("aria-valuetext", sentence(this.#bar, word));
  }
}
