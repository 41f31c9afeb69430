/* What the features of a call say to the other pages, and hear from them. Outlives connections:
   whoever must be understood after a break says it again when it meets somebody (anew). */
import type { Word } from "./control.ts";
import type { Pipe } from "./pipe.ts";

/** Sends to one participant, or to everybody; the codes of those who were reached. */
export type Tell = (word: Word, to?: string) => string[];

export class Words {
  readonly #tell: Tell;
  readonly #listeners = new Map<string, ((word: Word, from: string) => void)[]>();
  readonly #meetings: ((code: string) => void)[] = [];
  readonly #bytes: ((bytes: ArrayBuffer, from: string) => void)[] = [];
  /** The way for files to a participant; null where there is none. */
  readonly pipe: (code: string) => Pipe | null;

  constructor(tell: Tell, pipe: (code: string) => Pipe | null = () => null) {
    this.#tell = tell;
    this.pipe = pipe;
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

  tell(word: Word, to?: string): string[] {
    return this.#tell(word, to);
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
