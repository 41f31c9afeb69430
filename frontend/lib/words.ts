/* What the features of a call say to the other pages, and hear from them. Outlives connections:
   whoever must be understood after a break says it again when it meets somebody (anew). */
import type { Word } from "./control.ts";
import type { Pipe } from "./pipe.ts";

/** What leads to the others while there is a call. */
export interface Ways {
  /** To one participant, or to everybody; the codes of those who were reached. */
  tell: (word: Word, to?: string) => string[];
  /** For files; null where there is no connection. */
  pipe: (code: string) => Pipe | null;
}

export class Words {
  readonly #ways: () => Ways | null;
  readonly #listeners = new Map<string, ((word: Word, from: string) => void)[]>();
  readonly #meetings: ((code: string) => void)[] = [];
  readonly #bytes: ((bytes: ArrayBuffer, from: string) => void)[] = [];

  constructor(ways: () => Ways | null) {
    this.#ways = ways;
  }

  /** `listener` hears every word of this type; `from` is the participant's code. What the word
      holds beside its type is unchecked: another person's page wrote it. */
  on(type: string, listener: (word: Word, from: string) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  /** The way to somebody is open: at the start, and again after every new connection. */
  onMeeting(listener: (code: string) => void): void {
    this.#meetings.push(listener);
  }

  /** Pieces of files; as unchecked as words are. */
  onBytes(listener: (bytes: ArrayBuffer, from: string) => void): void {
    this.#bytes.push(listener);
  }

  /** To one participant, or to everybody; the codes of those who were reached. */
  tell(word: Word, to?: string): string[] {
    return this.#ways()?.tell(word, to) ?? [];
  }

  /** The way for files to a participant; null where there is none. */
  pipe(code: string): Pipe | null {
    return this.#ways()?.pipe(code) ?? null;
  }

  hear(word: Word, from: string): void {
    for (const listener of this.#listeners.get(word.type) ?? []) listener(word, from);
  }

  receive(bytes: ArrayBuffer, from: string): void {
    for (const listener of this.#bytes) listener(bytes, from);
  }

  meet(code: string): void {
    for (const listener of this.#meetings) listener(code);
  }
}
