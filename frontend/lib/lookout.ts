/* The server's time, and when to look at a call again without having been told: a ring whose end
   may have been missed, and relay credentials before they grow old, so that an ICE restart late in
   a call finds a relay that lets it in. */
import type { Clock } from "./clock.ts";
import type { CallState } from "./protocol.ts";

const RING_GRACE = 5_000;
const SOONEST = 1_000;
const LATEST = 3_600_000;

export class Lookout {
  readonly #clock: Clock;
  readonly #look: () => void;
  #offset = 0;
  #cancel: (() => void) | null = null;

  constructor(clock: Clock, look: () => void) {
    this.#clock = clock;
    this.#look = look;
  }

  /** What time it is at the server, as an ISO text. */
  now(): string {
    return new Date(this.#clock.now() + this.#offset).toISOString();
  }

  /** This is how the call stands now. */
  saw(call: CallState): void {
    this.#offset = Date.parse(call.now) - this.#clock.now() || 0;
    this.again(call);
  }

  /** Forget what was planned and look at the call when it is time, or not at all. */
  again(call: CallState): void {
    this.#cancel?.();
    const pause = pauseAfter(call);
    this.#cancel = pause === null ? null : this.#clock.later(pause, this.#look);
  }
}

function pauseAfter(call: CallState): number | null {
  if (call.state === "ringing") return call.ring_seconds * 1000 + RING_GRACE;
  if (call.state === "ended") return null;
  // After a third of their life: a look that fails has a second chance before they are dead.
  const third = lifeOfCredentials(call) / 3;
  return Number.isFinite(third) ? Math.min(Math.max(third, SOONEST), LATEST) : null;
}

/** For how many milliseconds, from when the server wrote this, the first of them opens the relay;
    Infinity without a relay. A user name begins with the second in which it dies. */
function lifeOfCredentials(call: CallState): number {
  const ends = call.ice_servers.map(({ username }) => Number.parseInt(username ?? "", 10) * 1000);
  return Math.min(...ends.filter(Number.isFinite)) - Date.parse(call.now);
}
