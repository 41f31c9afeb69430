/* The screen stays on while somebody waits or talks: telephones would otherwise go to sleep, and
   take the connection with them. */

type Lock = Pick<WakeLockSentinel, "released" | "release">;

export class Awake {
  readonly #request: () => Promise<Lock>;
  readonly #isVisible: () => boolean;
  readonly #reasons = new Set<string>();
  #lock: Lock | null = null;
  #asking = false;

  constructor(request: () => Promise<Lock>, isVisible: () => boolean) {
    this.#request = request;
    this.#isVisible = isVisible;
  }

  keep(reason: string, on: boolean): void {
    if (on) this.#reasons.add(reason);
    else this.#reasons.delete(reason);
    void this.renew();
  }

  /** Browsers take the lock back whenever the page is hidden. */
  async renew(): Promise<void> {
    const isHeld = this.#lock !== null && !this.#lock.released;
    if (this.#reasons.size === 0) {
      if (isHeld) await this.#lock?.release().catch(() => undefined);
      this.#lock = null;
    } else if (!isHeld && !this.#asking && this.#isVisible()) {
      this.#asking = true;
      // Refused where the battery is low: then the screen goes dark, and nothing else happens.
      this.#lock = await this.#request().catch(() => null);
      this.#asking = false;
      if (this.#reasons.size === 0) await this.renew();
    }
  }
}

/** The page's own. */
export const awake = new Awake(
  () => navigator.wakeLock?.request("screen") ?? Promise.reject(new Error("no wake lock")),
  () => document.visibilityState === "visible",
);

export function registerAwake(): void {
  document.addEventListener("visibilitychange", () => void awake.renew());
}
