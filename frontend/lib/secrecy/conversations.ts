/* All conversations of one page: with each guest of a host's, or the guest's own. */
import type { Clock } from "../clock.ts";
import type { VisitFrame, VisitNews } from "../protocol.ts";
import { PageKeys, type Side } from "./channel.ts";
import { Conversation } from "./conversation.ts";

const OVER = ["ended", "left"];

export class Conversations {
  readonly #side: Side;
  readonly #clock: Clock;
  readonly #send: (frame: VisitFrame) => boolean;
  readonly #all = new Map<string, Conversation>();
  readonly #listeners = new Set<() => void>();
  #keys: Promise<PageKeys> | null = null;

  constructor(side: Side, clock: Clock, send: (frame: VisitFrame) => boolean) {
    this.#side = side;
    this.#clock = clock;
    this.#send = send;
  }

  /** Keys are made in secure contexts only. */
  get isPossible(): boolean {
    return globalThis.crypto?.subtle !== undefined;
  }

  /** With everybody together. */
  get unread(): number {
    return [...this.#all.values()].reduce((sum, { unread }) => sum + unread, 0);
  }

  of(guest: string): Conversation {
    const known = this.#all.get(guest);
    if (known) return known;
    this.#keys ??= PageKeys.make();
    const made = new Conversation({
      guest,
      side: this.#side,
      keys: this.#keys,
      clock: this.#clock,
      send: this.#send,
      onChange: () => this.#changed(),
    });
    this.#all.set(guest, made);
    return made;
  }

  /** Says no word to `guests` whom it knows already, unless `again`. */
  greet(guests: string[], again = false): void {
    if (!this.isPossible) return;
    for (const guest of guests) {
      const conversation = this.of(guest);
      if (again || !conversation.isReachable) void conversation.greet();
    }
  }

  receive(news: VisitNews): void {
    if (this.isPossible) void this.of(news.guest).receive(news);
  }

  /** The visit has moved on; when it is over, so is its conversation. */
  visitChanged(guest: string, state: string): void {
    if (OVER.includes(state)) this.#all.get(guest)?.close();
  }

  /** The guest's page has come, or gone for the moment. */
  presenceChanged(guest: string, online: boolean): void {
    const known = this.#all.get(guest);
    if (online) void known?.greet();
    else known?.away();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
