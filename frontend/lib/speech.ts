/* Whether somebody speaks into a microphone, and whether it gives anything at all. */

/** Louder than a room with people in it. */
const SPOKEN = 0.1;
/** Syllables in three seconds, of thirty samples. */
const SAMPLES = 30;
const SYLLABLES = 3;
/** A microphone that works is never quite silent; ten seconds of nothing are a switch or a fault. */
const DEAD = 100;

export class Speech {
  #loud: boolean[] = [];
  #nothing = 0;

  /** Ten times a second (lib/level.ts). */
  hear(level: number): void {
    this.#loud = [...this.#loud, level > SPOKEN].slice(-SAMPLES);
    this.#nothing = level > 0 ? 0 : this.#nothing + 1;
  }

  get isSpoken(): boolean {
    return this.#loud.filter(Boolean).length >= SYLLABLES;
  }

  get isDead(): boolean {
    return this.#nothing >= DEAD;
  }
}
