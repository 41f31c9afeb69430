/* How much of something another page may send: so many at once, so many a second later on. */
import type { Clock } from "../clock.ts";

export class Rate {
  readonly #clock: Pick<Clock, "now">;
  readonly #burst: number;
  readonly #perSecond: number;
  #left: number;
  #at: number;

  constructor(clock: Pick<Clock, "now">, burst: number, perSecond: number) {
    this.#clock = clock;
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#left = burst;
    this.#at = clock.now();
  }

  /** Whether one more is within the measure. */
  take(): boolean {
    const now = this.#clock.now();
    const grown = this.#left + ((now - this.#at) / 1000) * this.#perSecond;
    this.#left = Math.min(this.#burst, Math.max(0, grown));
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}

/** A measure for each of the others. */
export class Rates {
  readonly #make: () => Rate;
  readonly #rates = new Map<string, Rate>();

  constructor(clock: Pick<Clock, "now">, burst: number, perSecond: number) {
    this.#make = () => new Rate(clock, burst, perSecond);
  }

  take(from: string): boolean {
    const rate = this.#rates.get(from) ?? this.#make();
    this.#rates.set(from, rate);
    return rate.take();
  }
}
