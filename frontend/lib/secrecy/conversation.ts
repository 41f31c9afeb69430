/* Messages between a practice and a waiting guest, as one open page knows them; nobody else does.
   Each page greets with its key; what is written goes sealed to every page of the other side that
   greeted, and has arrived when one of them says so. Nothing undelivered is ever silent. */
import type { Clock } from "../clock.ts";
import type { Envelope, VisitFrame, VisitNews } from "../protocol.ts";
import { randomCode } from "./bytes.ts";
import type { PageKeys, SecretChannel, Side } from "./channel.ts";
import { LONGEST, parseWord, tidied, type Word } from "./words.ts";

/** Own lines: kept here, on their way, arrived, or never to arrive; those of others: heard. */
export type LineState = "kept" | "sent" | "arrived" | "lost" | "heard";

export interface Line {
  id: string;
  /** "reopened": the other side has a new page, which does not know what was written before. */
  kind: "text" | "reopened";
  text: string;
  at: number;
  state: LineState;
}

export type Written = "ok" | "empty" | "too-long" | "closed";

export interface ConversationOptions {
  guest: string;
  side: Side;
  keys: Promise<PageKeys>;
  clock: Clock;
  send: (frame: VisitFrame) => boolean;
  onChange: () => void;
}

const PATIENCE = [6_000, 12_000, 30_000, 60_000];
const MOST_PAGES = 8;

export class Conversation {
  readonly lines: Line[] = [];
  unread = 0;
  /** What is being typed; kept here, since the box goes when the person looks at another page. */
  draft = "";
  isClosed = false;
  readonly #options: ConversationOptions;
  /** Pages of the other side that can be written to now. */
  readonly #channels = new Map<string, SecretChannel>();
  /** Outlive an absence: numbers must never begin again under the same key. */
  readonly #resting = new Map<string, SecretChannel>();
  readonly #known = new Map<string, string>();
  readonly #heard = new Set<string>();
  #hasMet = false;
  #tries = 0;
  #cancelRetry: (() => void) | null = null;
  #work: Promise<void> = Promise.resolve();

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  /** Whether anybody of the other side can read what is written now. */
  get isReachable(): boolean {
    return this.#channels.size > 0;
  }

  /** Own lines that are still on this page alone. */
  get undelivered(): number {
    return this.lines.filter(({ state }) => state === "kept" || state === "sent").length;
  }

  /** This page is there: to be said whenever it opens or comes back. */
  greet(): Promise<void> {
    this.isClosed = false;
    return this.#next(() => this.#greet(null));
  }

  write(text: string): Written {
    const tidy = tidied(text);
    if (this.isClosed) return "closed";
    if (tidy === "") return "empty";
    if (tidy.length > LONGEST) return "too-long";
    this.#add("text", tidy, "kept");
    void this.#next(() => this.#flush(["kept"]));
    return "ok";
  }

  receive(news: VisitNews): Promise<void> {
    if (news.guest !== this.#options.guest || news.sender === this.#options.side)
      return Promise.resolve();
    return this.#next(() => this.#open(news.envelope));
  }

  /** Somebody has looked at it. */
  read(): void {
    if (this.unread === 0) return;
    this.unread = 0;
    this.#options.onChange();
  }

  /** The page of the other side is gone for the moment: what is written waits here. */
  away(): void {
    this.#channels.clear();
    this.#keepUnanswered();
    this.#options.onChange();
  }

  /** The visit is over: what has not arrived never will. */
  close(): void {
    this.isClosed = true;
    this.#cancelRetry?.();
    this.#channels.clear();
    for (const line of this.lines)
      if (line.state === "kept" || line.state === "sent") line.state = "lost";
    this.#options.onChange();
  }

  /** One thing after the other: numbers have to go out in their order. */
  #next(task: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(task).catch((error) => console.warn("visit messages:", error));
    return this.#work;
  }

  async #greet(to: string | null): Promise<void> {
    const { page, publicKey } = await this.#options.keys;
    this.#send({ kind: "greeting", page, to, key: publicKey });
  }

  async #open(envelope: Envelope): Promise<void> {
    const { page } = await this.#options.keys;
    if (envelope.to !== null && envelope.to !== page) return; // for another window of ours
    if (envelope.kind === "greeting") return this.#met(envelope.page, envelope.key, envelope.to);
    const channel = this.#channels.get(envelope.page);
    // It knows us, and we have forgotten it, or thought that it had gone.
    if (channel === undefined) return this.#greet(null);
    const plain = await channel.open(envelope).catch(() => null);
    const word = plain === null ? null : parseWord(plain);
    if (word !== null) await this.#hear(word, envelope.page, channel);
  }

  async #met(page: string, key: string, to: string | null): Promise<void> {
    const known = this.#known.get(page);
    if (known !== undefined && known !== key) return; // a page has one key: this is somebody else
    this.isClosed = false; // they have come back
    if (to === null) await this.#greet(page);
    if (!this.#channels.has(page)) await this.#connect(page, key, known !== undefined);
    this.#tries = 0;
    await this.#flush(["kept", "sent"]);
    this.#options.onChange();
  }

  async #connect(page: string, key: string, isKnown: boolean): Promise<void> {
    const { guest, side, keys } = this.#options;
    const channel = isKnown ? this.#resting.get(page) : undefined;
    const opened = channel ?? (await (await keys).channelTo({ page, key }, guest, side));
    // A guest has one page, and the newest is theirs.
    if (side === "host") this.#channels.clear();
    if (!isKnown && this.#hasMet && this.#channels.size === 0 && this.#hasText())
      this.#add("reopened", "", "heard");
    this.#hasMet = true;
    this.#known.set(page, key);
    this.#resting.set(page, opened);
    this.#channels.set(page, opened);
    const [oldest] = this.#channels.keys();
    if (this.#channels.size > MOST_PAGES && oldest) this.#channels.delete(oldest);
  }

  async #hear(word: Word, page: string, channel: SecretChannel): Promise<void> {
    if ("got" in word) this.#arrived(word.got);
    else {
      await this.#sealTo(page, channel, { got: word.id });
      if (this.#heard.has(word.id)) return;
      this.#heard.add(word.id);
      this.unread += 1;
      this.lines.push({ ...word, kind: "text", at: this.#now(), state: "heard" });
    }
    this.#options.onChange();
  }

  #arrived(id: string): void {
    const line = this.lines.find((one) => one.id === id && one.state !== "heard");
    if (line) line.state = "arrived";
  }

  async #flush(states: LineState[]): Promise<void> {
    const waiting = this.lines.filter(({ state }) => states.includes(state));
    for (const { id, text, ...line } of waiting) {
      if (this.isClosed) return;
      const sent = await this.#sealToAll({ id, text });
      const now = this.lines.find((one) => one.id === id);
      if (now?.state === line.state) now.state = sent ? "sent" : "kept";
    }
    if (waiting.length > 0) this.#lookAgain();
    this.#options.onChange();
  }

  /** Without an answer the other page may be gone: keep what was written, and ask who is there. */
  #lookAgain(): void {
    this.#cancelRetry?.();
    const pause = PATIENCE[Math.min(this.#tries, PATIENCE.length - 1)] ?? 60_000;
    this.#cancelRetry = this.#options.clock.later(pause, () => {
      if (this.undelivered === 0 || this.isClosed) return;
      this.#tries += 1;
      this.#keepUnanswered();
      this.#channels.clear();
      this.#options.onChange();
      void this.#next(() => this.#greet(null)).then(() => this.#lookAgain());
    });
  }

  #keepUnanswered(): void {
    for (const line of this.lines) if (line.state === "sent") line.state = "kept";
  }

  async #sealToAll(word: Word): Promise<boolean> {
    let sent = false;
    for (const [page, channel] of [...this.#channels])
      sent = (await this.#sealTo(page, channel, word)) || sent;
    return sent;
  }

  async #sealTo(to: string, channel: SecretChannel, word: Word): Promise<boolean> {
    const { page } = await this.#options.keys;
    const sealed = await channel.seal(JSON.stringify(word));
    return this.#send({ kind: "sealed", page, to, ...sealed });
  }

  #send(envelope: Envelope): boolean {
    return this.#options.send({ type: "visit.relay", guest: this.#options.guest, envelope });
  }

  #add(kind: Line["kind"], text: string, state: LineState): void {
    this.lines.push({ id: randomCode(), kind, text, at: this.#now(), state });
    this.#options.onChange();
  }

  #hasText(): boolean {
    return this.lines.some(({ kind }) => kind === "text");
  }

  #now(): number {
    return this.#options.clock.now();
  }
}
