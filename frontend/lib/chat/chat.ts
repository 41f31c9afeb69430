/* The messages of one call, in this page's memory and nowhere else (DEC-20). Each has a number of
   its sender's page; who has one says so; what was not confirmed is said again. */
import type { Word } from "../control.ts";
import { Drafts } from "./drafts.ts";
import type { Order, TalkEnvironment } from "./environment.ts";
import { Rates } from "./rate.ts";
import { clean, countFrom, LONGEST_TEXT, pageFrom, textFrom } from "./text.ts";

export type Delivery = "sending" | "late" | "delivered";

export interface Message {
  kind: "message";
  key: string;
  order: number;
  /** The sender's code; "" for one's own. */
  from: string;
  seq: number;
  text: string;
  at: number;
  delivery: Delivery;
}

/** More than these are not kept: a flood from another page must not fill this one. */
export const MOST_MESSAGES = 500;
const MOST_UNCONFIRMED = 100;
const AGAIN = 5_000;
const LATE = 15_000;

interface Own {
  message: Message;
  missing: Set<string>;
  saidAt: number;
}

export class Chat {
  messages: Message[] = [];
  readonly drafts: Drafts;
  readonly #environment: TalkEnvironment;
  readonly #order: Order;
  readonly #rates: Rates;
  readonly #seen = new Map<string, { page: string; seqs: Set<number> }>();
  readonly #heard: (message: Message) => void;
  #page: string;
  #seq = 0;
  #own: Own[] = [];
  #cancel: (() => void) | null = null;

  constructor(environment: TalkEnvironment, order: Order, heard: (message: Message) => void) {
    this.#environment = environment;
    this.#order = order;
    this.#heard = heard;
    this.#page = environment.name();
    this.#rates = new Rates(environment.clock, MOST_UNCONFIRMED, 10);
    this.drafts = new Drafts(environment, () => this.#page);
    environment.words.on("message", (word, from) => this.#hear(word, from));
    environment.words.on("message.received", (word, from) => this.#confirm(word, from));
    environment.words.onMeeting((code) => this.#meet(code));
  }

  /** False where there is nothing to send, or too much is under way already. */
  send(raw: string): boolean {
    const text = clean(raw).trim();
    if (text === "" || text.length > LONGEST_TEXT) return false;
    if (this.#own.length >= MOST_UNCONFIRMED) return false;
    this.#seq += 1;
    const { clock, others } = this.#environment;
    const message: Message = {
      kind: "message",
      key: `${this.#page}:${this.#seq}`,
      order: this.#order.next(),
      from: "",
      seq: this.#seq,
      text,
      at: clock.now(),
      delivery: "sending",
    };
    const own = { message, missing: new Set(others()), saidAt: clock.now() };
    this.#own.push(own);
    this.#keep(message);
    this.#say(own);
    this.drafts.finish();
    this.#watch();
    this.#environment.changed();
    return true;
  }

  /** The call is over: nothing of it stays. */
  clear(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.messages = [];
    this.#own = [];
    this.#seq = 0;
    this.#seen.clear();
    this.drafts.clear();
    this.#page = this.#environment.name();
  }

  #say({ message }: Own, to?: string): void {
    const { seq, text } = message;
    this.#environment.words.tell({ type: "message", page: this.#page, seq, text }, to);
  }

  /** In their order, whatever the other has not confirmed. */
  #meet(code: string): void {
    const now = this.#environment.clock.now();
    for (const own of this.#own) {
      if (!own.missing.has(code)) continue;
      own.saidAt = now;
      this.#say(own, code);
    }
    this.drafts.tellTo(code);
  }

  #confirm(word: Word, from: string): void {
    const own = this.#own.find(({ message }) => message.seq === word.seq);
    if (own === undefined || word.page !== this.#page) return;
    own.missing.delete(from);
    this.#settle();
  }

  #hear(word: Word, from: string): void {
    const page = pageFrom(word.page);
    const seq = countFrom(word.seq);
    const text = textFrom(word.text)?.trim();
    if (page === null || seq === null || !text || !this.#rates.take(from)) return;
    this.#environment.words.tell({ type: "message.received", page, seq }, from);
    const seen = this.#seenFrom(from, page);
    if (seen.has(seq)) return;
    seen.add(seq);
    this.drafts.forget(from, page);
    const key = `${from}:${page}:${seq}`;
    const at = this.#environment.clock.now();
    const order = this.#orderOf(from, page, seq);
    const message: Message = {
      kind: "message",
      key,
      order,
      from,
      seq,
      text,
      at,
      delivery: "delivered",
    };
    this.#keep(message);
    this.#heard(message);
    this.#environment.changed();
  }

  /** One that was lost at first comes before those that its sender wrote after it. */
  #orderOf(from: string, page: string, seq: number): number {
    const start = `${from}:${page}:`;
    const next = this.messages.find(({ key, seq: other }) => key.startsWith(start) && other > seq);
    return next?.order ?? this.#order.next();
  }

  #seenFrom(from: string, page: string): Set<number> {
    const known = this.#seen.get(from);
    if (known?.page === page) return known.seqs;
    const fresh = { page, seqs: new Set<number>() };
    this.#seen.set(from, fresh);
    return fresh.seqs;
  }

  #keep(message: Message): void {
    this.messages.push(message);
    this.messages.sort((a, b) => a.order - b.order || a.seq - b.seq);
    if (this.messages.length > MOST_MESSAGES) this.messages.shift();
  }

  /** While something is unconfirmed: say it again from time to time, and tell when it is late. */
  #watch(): void {
    if (this.#cancel !== null || this.#own.length === 0) return;
    this.#cancel = this.#environment.clock.later(1_000, () => {
      this.#cancel = null;
      const now = this.#environment.clock.now();
      for (const own of this.#own) {
        if (now - own.saidAt < AGAIN) continue;
        own.saidAt = now;
        for (const code of own.missing) this.#say(own, code);
      }
      this.#settle();
      this.#watch();
    });
  }

  #settle(): void {
    const now = this.#environment.clock.now();
    const present = new Set(this.#environment.others());
    for (const { message, missing } of this.#own) {
      for (const code of missing) if (!present.has(code)) missing.delete(code);
      const isLate = now - message.at >= LATE;
      message.delivery = missing.size === 0 ? "delivered" : isLate ? "late" : "sending";
    }
    this.#own = this.#own.filter(({ message }) => message.delivery !== "delivered");
    this.#environment.changed();
  }
}
