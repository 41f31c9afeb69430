/* How long pictures take. The page has to breathe between them, and below eight a second a person
   who moves looks like a series of stills. */

/** Milliseconds over which one judges: a single hitch says nothing. */
const STRETCH = 5_000;
const ENOUGH = 8;
/** After each picture the page rests for this part of what the picture took. */
const REST = 0.4;

export class Pace {
  #notes: { at: number; took: number }[] = [];
  #began: number | null = null;
  #restUntil = 0;

  /** A picture that was begun at `at` took so many milliseconds. */
  note(at: number, took: number): void {
    this.#began ??= at;
    this.#restUntil = at + took * (1 + REST);
    this.#notes = this.#notes.filter((one) => one.at > at - STRETCH);
    this.#notes.push({ at, took });
  }

  isResting(now: number): boolean {
    return now < this.#restUntil;
  }

  /** Judged by the work alone: a camera in the dark gives few pictures by itself, and one that was
      taken away by a telephone call none. */
  isTooSlow(now: number): boolean {
    if (this.#began === null || now - this.#began < STRETCH) return false;
    const sum = this.#notes.reduce((total, { took }) => total + took, 0);
    const each = (sum / this.#notes.length) * (1 + REST);
    return each > 1_000 / ENOUGH;
  }
}
