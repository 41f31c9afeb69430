/* Which window of this browser has the call. A page that loads in mid-call asks around before it
   takes the call for its own; after a reload nobody answers. */
import type { Clock } from "./clock.ts";

export interface Ownership {
  take(code: string): void;
  drop(code: string): void;
  /** Whether another living window of this browser has the call. */
  isElsewhere(code: string): Promise<boolean>;
  onTaken(listener: (code: string) => void): void;
}

export interface Channel {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

type Word = { kind: "who-has" | "i-have" | "taken"; code: string };

const PATIENCE = 250;

export class TabOwnership implements Ownership {
  readonly #channel: Channel;
  readonly #clock: Clock;
  #own: string | null = null;
  #asking: { code: string; found: (elsewhere: boolean) => void } | null = null;
  #taken: (code: string) => void = () => undefined;

  constructor(channel: Channel, clock: Clock) {
    this.#channel = channel;
    this.#clock = clock;
    channel.onmessage = ({ data }) => this.#hear(data as Word);
  }

  take(code: string): void {
    this.#own = code;
    this.#say("taken", code);
  }

  drop(code: string): void {
    if (this.#own === code) this.#own = null;
  }

  isElsewhere(code: string): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = this.#clock.later(PATIENCE, () => found(false));
      const found = (elsewhere: boolean): void => {
        cancel();
        this.#asking = null;
        resolve(elsewhere);
      };
      this.#asking = { code, found };
      this.#say("who-has", code);
    });
  }

  onTaken(listener: (code: string) => void): void {
    this.#taken = listener;
  }

  #hear({ kind, code }: Word): void {
    if (kind === "who-has" && code === this.#own) this.#say("i-have", code);
    else if (kind === "i-have" && code === this.#asking?.code) this.#asking.found(true);
    else if (kind === "taken" && code === this.#own) {
      this.#own = null;
      this.#taken(code);
    }
  }

  #say(kind: Word["kind"], code: string): void {
    this.#channel.postMessage({ kind, code } satisfies Word);
  }
}
