/* What chat and files need around them; tests bring their own. */
import type { Clock } from "../clock.ts";
import type { Words } from "../words.ts";

export interface TalkEnvironment {
  words: Pick<Words, "on" | "onMeeting" | "onBytes" | "tell" | "pipe">;
  clock: Clock;
  /** The codes of everybody else in the call. */
  others: () => string[];
  /** A new name for this page's part in a call. */
  name: () => string;
  changed: () => void;
}

/** Where something stands among messages and files: by when it came. */
export class Order {
  #last = 0;

  next(): number {
    this.#last += 1;
    return this.#last;
  }
}
