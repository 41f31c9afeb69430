/* Signals on their way out: kept while the call is not ready for them or the socket is away. */
import type { Signal } from "./protocol.ts";

export interface Addressed {
  to: string;
  signal: Signal;
}

const MOST = 200;

export class Outbox {
  readonly #send: (to: string, signal: Signal) => boolean;
  #waiting: Addressed[] = [];
  #open = false;

  constructor(send: (to: string, signal: Signal) => boolean) {
    this.#send = send;
  }

  put(to: string, signal: Signal): void {
    // A description makes everything older for that person pointless.
    if ("description" in signal) this.#waiting = this.#waiting.filter((one) => one.to !== to);
    this.#waiting.push({ to, signal });
    if (this.#waiting.length > MOST) this.#waiting.shift();
    this.flush();
  }

  /** The other side may hear from us from now on. */
  open(): void {
    this.#open = true;
    this.flush();
  }

  flush(): void {
    while (this.#open) {
      const [next] = this.#waiting;
      if (next === undefined || !this.#send(next.to, next.signal)) return;
      this.#waiting.shift();
    }
  }
}
