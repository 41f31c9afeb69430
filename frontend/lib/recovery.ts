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

/** So long may nothing come in from somebody who is sending: with the restart itself, picture and
    sound are to be back within two seconds. */
export const SILENCE = 1_000;
const DISCONNECTED = 1_500;
/** The polite side leaves the first try to the other, so that they do not cross. */
const POLITE_PAUSE = 1_000;
const GIVE_UP = 12_000;
const POLITE_GIVE_UP = 16_000;
/** Between one restart and the next, for as long as none has helped. */
const BACK_OFF = [3_000, 5_000, 8_000, 15_000];

export class Recovery {
  readonly #options: RecoveryOptions;
  #cancelRestart: (() => void) | null = null;
  #cancelBegin: (() => void) | null = null;
  #silent = false;
  #tries = 0;
  #mayRestartAt = 0;
  #stopped = false;

  constructor(options: RecoveryOptions) {
    this.#options = options;
  }

  /** Nothing comes in, whatever the browser still thinks of the path. */
  get isSilent(): boolean {
    return this.#silent;
  }

  /** A connection should come up now; without one in time, one side begins again. */
  expect(): void {
    if (this.#stopped) return;
    this.#cancelBegin?.();
    const pause = this.#options.polite ? POLITE_GIVE_UP : GIVE_UP;
    this.#cancelBegin = this.#options.clock.later(pause, () => {
      if (!this.#isConnected()) void this.#options.begin().catch(() => this.expect());
    });
  }

  /** The connection's state changed. */
  look(): void {
    if (this.#stopped) return;
    const { iceConnectionState } = this.#options.connection();
    if (this.#isWell()) this.#settle();
    else if (iceConnectionState === "failed") this.#restartAfter(0);
    else if (iceConnectionState === "disconnected") this.#restartAfter(DISCONNECTED);
  }

  /** Whether something has come in lately, twice a second; true where that is news. */
  listen(silent: boolean): boolean {
    if (this.#stopped) return false;
    const isNews = silent !== this.#silent;
    this.#silent = silent;
    // Before the first connection, and where it has come down, the states say more.
    if (silent && this.#isConnected()) this.#restartAfter(0);
    else if (isNews && this.#isWell()) this.#settle();
    return isNews;
  }

  /** This computer's network changed, or it slept: do not wait for the silence. */
  suspect(): void {
    if (this.#stopped || this.#options.connection().remoteDescription === null) return;
    this.#cancelRestart?.();
    this.#cancelRestart = null;
    this.#restart();
  }

  /** They restart: give that time before ours. */
  defer(): void {
    this.#mayRestartAt = this.#options.clock.now() + (BACK_OFF[0] ?? 0);
    if (this.#cancelRestart === null) return;
    this.#cancelRestart();
    this.#cancelRestart = null;
    this.#restartAfter(0);
  }

  stop(): void {
    this.#stopped = true;
    this.#settle();
  }

  #restartAfter(pause: number): void {
    if (this.#cancelRestart !== null) return;
    const own = this.#options.polite ? POLITE_PAUSE : 0;
    const earliest = this.#mayRestartAt - this.#options.clock.now();
    this.#cancelRestart = this.#options.clock.later(Math.max(pause + own, earliest), () => {
      this.#cancelRestart = null;
      if (!this.#isWell()) this.#restart();
    });
  }

  #restart(): void {
    const pause = BACK_OFF[Math.min(this.#tries, BACK_OFF.length - 1)] ?? GIVE_UP;
    this.#tries += 1;
    this.#mayRestartAt = this.#options.clock.now() + pause;
    this.#options.connection().restartIce();
    if (!this.#isConnected()) this.expect();
  }

  #settle(): void {
    this.#tries = 0;
    this.#mayRestartAt = 0;
    this.#cancelRestart?.();
    this.#cancelRestart = null;
    this.#cancelBegin?.();
    this.#cancelBegin = null;
  }

  #isWell(): boolean {
    return this.#isConnected() && !this.#silent;
  }

  #isConnected(): boolean {
    const { connectionState, iceConnectionState } = this.#options.connection();
    return (
      connectionState === "connected" &&
      (iceConnectionState === "connected" || iceConnectionState === "completed")
    );
  }
}
