/* Answers about one state may overtake each other, and the writes that change it: only what was
   asked last counts. */

export class Latest {
  #asked = 0;
  #open = 0;

  /** The answer, or null where something later was asked meanwhile. */
  async read<T>(question: () => Promise<T>): Promise<T | null> {
    this.#asked += 1;
    const mine = this.#asked;
    this.#open += 1;
    const answer = await question();
    this.#open -= 1;
    return mine === this.#asked ? answer : null;
  }

  /** The answer to an order. Where a question crossed it nobody knows which of the two answers is
      the newer one: `askAgain` makes both old. */
  async write<T>(order: () => Promise<T>, askAgain: () => void): Promise<T> {
    const before = this.#asked;
    const wasOpen = this.#open > 0;
    const answer = await order();
    if (wasOpen || before !== this.#asked) askAgain();
    return answer;
  }
}
