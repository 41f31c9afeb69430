/* One thing after the other: an answer never overtakes the offer that it belongs to. */

export class Queue {
  #work: Promise<void> = Promise.resolve();
  #closed = false;

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Runs `task` after all before it; rejects with AbortError once the queue is closed. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#work.then(() => {
      if (this.#closed) throw new DOMException("The call is over", "AbortError");
      return task();
    });
    this.#work = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  close(): void {
    this.#closed = true;
  }
}
