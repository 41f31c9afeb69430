/* How long the page waits for the security code before it says that there is none just now: a
   certificate that is not ready, or one connection that does not come about, holds up the code of
   everybody. Not an alarm: nothing false was seen. */
import type { Clock } from "../clock.ts";

const LONG = 20_000;

export class Patience {
  readonly #clock: Pick<Clock, "now">;
  #since: number | null = null;

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** Whether it has been waited for too long; with nobody to make a code with there is no wait. */
  isOver(isWaiting: boolean): boolean {
    if (!isWaiting) this.#since = null;
    else this.#since ??= this.#clock.now();
    return this.#since !== null && this.#clock.now() - this.#since >= LONG;
  }
}
