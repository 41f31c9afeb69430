/* When a connection is in trouble: an ICE restart after a moment of silence, a new connection
   when that does not help either. A lost websocket is no trouble: it never ends a call. */
import type { Clock } from "./clock.ts";

export interface RecoveryOptions {
  clock: Clock;
  polite: boolean;
  connection: () => RTCPeerConnection;
  /** Start over with a new connection. */
  begin: () => Promise<void>;
}

const SILENCE = 1_500;
const POLITE_PAUSE = 4_000;
const GIVE_UP = 12_000;

export class Recovery {
  readonly #options: RecoveryOptions;
  #cancelRestart: (() => void) | null = null;
  #cancelBegin: (() => void) | null = null;
  #stopped = false;

  constructor(options: RecoveryOptions) {
    this.#options = options;
  }

  /** A connection should come up now; without one in time, one side begins again. */
  expect(): void {
    if (this.#stopped) return;
    this.#cancelBegin?.();
    // The polite side leaves the first try to the other, so that they do not cross.
    const pause = this.#options.polite ? GIVE_UP + POLITE_PAUSE : GIVE_UP;
    this.#cancelBegin = this.#options.clock.later(pause, () => {
      if (!this.#isConnected()) void this.#options.begin().catch(() => this.expect());
    });
  }

  /** The connection's state changed. */
  look(): void {
    if (this.#stopped) return;
    const { iceConnectionState } = this.#options.connection();
    if (this.#isConnected()) this.#settle();
    else if (iceConnectionState === "failed") this.#restartAfter(0);
    else if (iceConnectionState === "disconnected") this.#restartAfter(SILENCE);
  }

  stop(): void {
    this.#stopped = true;
    this.#settle();
  }

  #restartAfter(pause: number): void {
    if (this.#cancelRestart !== null) return;
    const own = this.#options.polite ? POLITE_PAUSE : 0;
    this.#cancelRestart = this.#options.clock.later(pause + own, () => {
      this.#cancelRestart = null;
      if (this.#isConnected()) return;
      this.#options.connection().restartIce();
      this.expect();
    });
  }

  #settle(): void {
    this.#cancelRestart?.();
    this.#cancelRestart = null;
    this.#cancelBegin?.();
    this.#cancelBegin = null;
  }

  #isConnected(): boolean {
    const { connectionState, iceConnectionState } = this.#options.connection();
    return (
      connectionState === "connected" &&
      (iceConnectionState === "connected" || iceConnectionState === "completed")
    );
  }
}
