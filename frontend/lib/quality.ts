/* How good the path to somebody is, in three words. A word changes only when it has been another
   for a while: what flickers is not believed. */
import type { Sample } from "./watch.ts";

export type Level = "good" | "fair" | "weak";

const RANK: Record<Level, number> = { good: 0, fair: 1, weak: 2 };
/** Looks (two in a second) before it is said to be worse, and before it is said to be better. */
const WORSE_AFTER = 4;
const BETTER_AFTER = 10;
/** How much of the old figure stays at each look; single lost packets do not count. */
const INERTIA = 0.75;

interface Limits {
  loss: number;
  roundTrip: number;
  /** Bits per second. A browser that has only just begun believes in 300,000. */
  sendable: number;
}

const FAIR: Limits = { loss: 0.03, roundTrip: 0.35, sendable: 250_000 };
const WEAK: Limits = { loss: 0.12, roundTrip: 0.8, sendable: 120_000 };

export class Quality {
  level: Level = "good";
  #loss = 0;
  #candidate: Level = "good";
  #looks = 0;

  /** True where the word changed. */
  saw(sample: Sample, isThin: boolean): boolean {
    const loss = Math.max(sample.lostHere, sample.lostThere);
    this.#loss = INERTIA * this.#loss + (1 - INERTIA) * loss;
    const now = isThin || this.#exceeds(WEAK, sample) ? "weak" : this.#fairOrGood(sample);
    this.#looks = now === this.#candidate ? this.#looks + 1 : 1;
    this.#candidate = now;
    const patience = RANK[now] > RANK[this.level] ? WORSE_AFTER : BETTER_AFTER;
    if (now === this.level || this.#looks < patience) return false;
    this.level = now;
    return true;
  }

  #fairOrGood(sample: Sample): Level {
    return this.#exceeds(FAIR, sample) ? "fair" : "good";
  }

  #exceeds(limits: Limits, { roundTrip, sendable }: Sample): boolean {
    return (
      this.#loss > limits.loss ||
      (roundTrip ?? 0) > limits.roundTrip ||
      (sendable ?? Number.POSITIVE_INFINITY) < limits.sendable
    );
  }
}
