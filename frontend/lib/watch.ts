/* Looks at a connection twice a second: for how long nothing has come in, and how good the path
   is. Sooner where silence is about to last too long. */
import type { Clock } from "./clock.ts";
import { type Reading, read } from "./stats.ts";

/** The path since the last look. */
export interface Sample {
  /** For how many milliseconds nothing has come in. */
  silent: number;
  /** Share of their packets that were lost on the way here. */
  lostHere: number;
  lostThere: number;
  roundTrip: number | null;
  sendable: number | null;
}

export interface WatchOptions {
  clock: Clock;
  connection: () => RTCPeerConnection;
  /** From which silence on somebody acts: the watch is there on time. */
  alarm: () => number;
  seen: (sample: Sample) => void;
}

const EVERY = 500;
const SOONEST = 50;

export class Watch {
  readonly #options: WatchOptions;
  #of: RTCPeerConnection | null = null;
  #before: Reading | null = null;
  #heardAt = 0;
  #cancel: (() => void) | null = null;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#cancel !== null;
  }

  /** For how many milliseconds nothing has been heard. */
  get silent(): number {
    return this.#options.clock.now() - this.#heardAt;
  }

  start(): void {
    if (this.isRunning) return;
    this.#heardAt = this.#options.clock.now();
    this.#lookLater(EVERY);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #lookLater(pause: number): void {
    this.#cancel = this.#options.clock.later(pause, () => {
      void this.#look().finally(() => {
        if (this.#cancel !== null) this.#lookLater(this.#pause());
      });
    });
  }

  #pause(): number {
    const left = this.#options.alarm() - this.silent;
    return left > 0 ? Math.max(SOONEST, Math.min(EVERY, left)) : EVERY;
  }

  async #look(): Promise<void> {
    const connection = this.#options.connection();
    const report = await connection.getStats().catch(() => null);
    if (report === null || this.#cancel === null) return;
    const now = read(report);
    const before = this.#of === connection ? this.#before : null;
    const time = this.#options.clock.now();
    // A browser that counts nothing is believed to hear.
    if (before === null || now.received > before.received || now.received === 0)
      this.#heardAt = Math.max(this.#heardAt, time - Math.min(now.silent ?? 0, EVERY));
    this.#of = connection;
    this.#before = now;
    this.#options.seen({
      silent: this.silent,
      lostHere: before === null ? 0 : share(now.lost - before.lost, now.arrived - before.arrived),
      lostThere: now.lostThere ?? 0,
      roundTrip: now.roundTrip,
      sendable: now.sendable,
    });
  }
}

function share(lost: number, arrived: number): number {
  const all = lost + arrived;
  return lost > 0 && all > 0 ? Math.min(1, lost / all) : 0;
}
