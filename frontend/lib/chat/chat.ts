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
  /** The codes of those for whom it was given up: they have confirmed nothing for too long. */
  unreached: string[];
}

/** More than these are not kept: a flood from another page must not fill this one. */
export const MOST_MESSAGES = 500;
/** For each of the others: who confirms nothing must not hold up everybody. */
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
  /** Who was given up and has not confirmed anything since. */
  readonly #silent = new Set<string>();
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

  /** False where there is nothing to send, or too much is under way already to each of them. */
  send(raw: string): boolean {
    const text = clean(raw).trim();
    if (text === "" || text.length > LONGEST_TEXT) return false;
    const reachable = this.#reachable();
    if (reachable === null) return false;
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
      unreached: others().filter((code) => !reachable.includes(code)),
    };
    const own = { message, missing: new Set(reachable), saidAt: clock.now() };
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
    this.#silent.clear();
    this.#seq = 0;
    this.#seen.clear();
    this.drafts.clear();
    this.#page = this.#environment.name();
  }

  /** Who can take one more; null where nobody can. Too much waits for the rest: they are given up. */
  #reachable(): string[] | null {
    const others = this.#environment.others();
    const open = others.filter((code) => this.#waitingFor(code).length < MOST_UNCONFIRMED);
    if (others.length > 0 && open.length === 0) return null;
    const answering = open.filter((code) => !this.#silent.has(code));
    const reachable = answering.length > 0 ? answering : open;
    for (const code of others) {
      if (reachable.includes(code)) this.#silent.delete(code);
      else this.#giveUp(code);
    }
    return reachable;
  }

  #waitingFor(code: string): Own[] {
    return this.#own.filter(({ missing }) => missing.has(code));
  }

  #giveUp(code: string): void {
    this.#silent.add(code);
    for (const { message, missing } of this.#waitingFor(code)) {
      missing.delete(code);
      message.unreached.push(code);
    }
    this.#settle();
  }

  #say({ message }: Own, to?: string): void {
    const { seq, text } = message;
    this.#environment.words.tell({ type: "message", page: this.#page, seq, text }, to);
  }

  /** In their order, whatever the other has not confirmed. */
  #meet(code: string): void {
    this.#silent.delete(code);
    const now = this.#environment.clock.now();
    for (const own of this.#own) {
      if (!own.missing.has(code)) continue;
      own.saidAt = now;
      this.#say(own, code);
    }
    this.drafts.tellTo(code);
  }

  #confirm(word: Word, from: string): void {
    if (word.page !== this.#page) return;
    const message = this.messages.find((one) => one.from === "" && one.seq === word.seq);
    const own = this.#own.find((one) => one.message.seq === word.seq);
    if (message?.unreached.includes(from)) {
      this.#silent.delete(from);
      message.unreached = message.unreached.filter((code) => code !== from);
    }
    own?.missing.delete(from);
    if (message || own) this.#settle();
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
      unreached: [],
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
