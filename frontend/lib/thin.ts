/* Sound first: where the path is too thin for both, our picture pauses, and comes back by itself.
   Nobody is ever hung up for it; the people decide whether they go on.

   sending -> paused -> trying -> sending | paused. A paused picture tells nothing about the room
   that there would be for it, so it is tried small, after longer and longer pauses. */
import type { Clock } from "./clock.ts";
import type { Sample } from "./watch.ts";

export type Picture = "sending" | "trying" | "paused";

const TOO_THIN = 100_000; // bits per second, for sound and picture together
const LOSSY = 0.2;
const LOSSY_BELOW = 300_000;
const THIN_FOR = 3_000;
const CALM_LOSS = 0.1;
const ENOUGH = 140_000;
const ENOUGH_FOR = 3_000;
const TRY_FOR = 8_000;
const FIRST_PAUSE = 8_000;
const LONGEST_PAUSE = 60_000;
/** A picture that stayed for so long was no mistake. */
const PROVEN = 60_000;

export class Thin {
  picture: Picture = "sending";
  readonly #clock: Clock;
  #since: number;
  #badSince: number | null = null;
  #goodSince: number | null = null;
  #pause = FIRST_PAUSE;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.now();
  }

  /** As the people see it: a try that may fail is not announced. */
  get isPaused(): boolean {
    return this.picture !== "sending";
  }

  /** True where something has to be done about the picture. */
  saw(sample: Sample, sendsPicture: boolean): boolean {
    const now = this.#clock.now();
    // A path that is silent is recovery's business; without a picture there is none to pause.
    if (!sendsPicture || sample.silent > THIN_FOR / 2 || sample.sendable === null) {
      this.#badSince = null;
      this.#goodSince = null;
      return !sendsPicture && this.isPaused && this.#become("sending");
    }
    const isBad =
      sample.sendable < TOO_THIN || (sample.lostThere > LOSSY && sample.sendable < LOSSY_BELOW);
    this.#badSince = isBad ? (this.#badSince ?? now) : null;
    if (this.picture === "sending") return this.#whileSending(now);
    if (this.picture === "paused") return this.#whilePaused(now, sample.lostThere);
    return this.#whileTrying(now, sample.sendable >= ENOUGH && sample.lostThere <= LOSSY);
  }

  #whileSending(now: number): boolean {
    if (now - this.#since > PROVEN) this.#pause = FIRST_PAUSE;
    const isThin = this.#badSince !== null && now - this.#badSince >= THIN_FOR;
    return isThin && this.#become("paused");
  }

  #whilePaused(now: number, loss: number): boolean {
    return now - this.#since >= this.#pause && loss < CALM_LOSS && this.#become("trying");
  }

  #whileTrying(now: number, isGood: boolean): boolean {
    this.#goodSince = isGood ? (this.#goodSince ?? now) : null;
    if (this.#goodSince !== null && now - this.#goodSince >= ENOUGH_FOR)
      return this.#become("sending");
    if (now - this.#since < TRY_FOR) return false;
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
    return this.#become("paused");
  }

  #become(picture: Picture): true {
    this.picture = picture;
    this.#since = this.#clock.now();
    this.#badSince = null;
    this.#goodSince = null;
    return true;
  }
}
