/* What looks after the way to one person for as long as it stands: silence leads to recovery, a
   thin path to a paused picture, and everything to a word about its quality. */
import type { Clock } from "./clock.ts";
import type { DeviceStates } from "./media.ts";
import { type Level, Quality } from "./quality.ts";
import { Recovery, type RecoveryOptions, SILENCE } from "./recovery.ts";
import { type Picture, Thin } from "./thin.ts";
import { type Sample, Watch } from "./watch.ts";

export type Health = "connecting" | "connected" | "lost";

/** What it needs that a peer has from its page. */
export interface Caring {
  /** Nothing comes in from them; the fault may be our own network's. */
  silenced: () => void;
}

export interface CareOptions extends RecoveryOptions, Caring {
  clock: Clock;
  /** What is on at their side, and so must be heard here. */
  theirs: () => DeviceStates;
  states: () => DeviceStates;
  /** Our picture is to be sent otherwise from now on. */
  retune: () => void;
  changed: () => void;
}

/** With everything switched off only the browsers' own checks come in, every few seconds. */
const QUIET = 8_000;
/** Somebody whom we heard so recently can be told something on the same way. */
const FRESH = 1_000;

export class Care {
  readonly #options: CareOptions;
  readonly #recovery: Recovery;
  readonly #watch: Watch;
  readonly #quality = new Quality();
  readonly #thin: Thin;
  #wasConnected = false;
  #hasBegun = false;

  constructor(options: CareOptions) {
    this.#options = options;
    this.#recovery = new Recovery(options);
    this.#thin = new Thin(options.clock);
    this.#watch = new Watch({
      clock: options.clock,
      connection: options.connection,
      alarm: () => this.#limit,
      seen: (sample) => this.#saw(sample),
    });
  }

  get level(): Level {
    return this.#quality.level;
  }

  get picture(): Picture {
    return this.#thin.picture;
  }

  /** Our picture pauses, because the path is too thin. */
  get isPaused(): boolean {
    return this.#thin.isPaused;
  }

  get health(): Health {
    const isUp = this.#options.connection().connectionState === "connected";
    if (isUp && !this.#recovery.isSilent) return "connected";
    return this.#wasConnected ? "lost" : "connecting";
  }

  /** The way to them works at this moment. */
  get isFresh(): boolean {
    return this.#watch.isRunning && this.#watch.silent < FRESH;
  }

  /** Somebody has accepted: from now on a way that breaks is mended, and not before. */
  begin(): void {
    this.#hasBegun = true;
    this.#recovery.expect();
    this.look();
  }

  expect(): void {
    if (this.#hasBegun) this.#recovery.expect();
  }

  look(): void {
    if (!this.#hasBegun) return;
    if (this.#options.connection().connectionState === "connected") {
      this.#wasConnected = true;
      this.#watch.start();
    }
    this.#recovery.look();
  }

  /** This computer may stand in another network now. */
  suspect(): void {
    if (this.#watch.isRunning) this.#recovery.suspect();
  }

  defer(): void {
    this.#recovery.defer();
  }

  stop(): void {
    this.#watch.stop();
    this.#recovery.stop();
  }

  get #limit(): number {
    const { camera, microphone } = this.#options.theirs();
    return camera || microphone ? SILENCE : QUIET;
  }

  #saw(sample: Sample): void {
    const isNews = this.#recovery.listen(sample.silent >= this.#limit);
    if (isNews && this.#recovery.isSilent) this.#options.silenced();
    const isOther = this.#thin.saw(sample, this.#options.states().camera);
    if (isOther) this.#options.retune();
    const isBetterOrWorse = this.#quality.saw(sample, this.isPaused);
    if (isNews || isOther || isBetterOrWorse) this.#options.changed();
  }
}
