/* The list of messages and files, in their order. Drawn at most once a frame, whatever arrives. */
import { part, write } from "../parts.ts";
import { type Item, makeRow, type NameOf, writeRow } from "./rows.ts";

/** Whoever is this near to the end (in pixels) wants to stay there. */
const NEAR = 80;

export interface Shown {
  items: Item[];
  drafts: { from: string; text: string }[];
  saved: ReadonlySet<string>;
  nameOf: NameOf;
}

export class Thread {
  readonly #stage: HTMLElement;
  readonly #scroll: HTMLElement;
  readonly #list: HTMLElement;
  readonly #drafts: HTMLElement;
  readonly #rows = new Map<string, HTMLElement>();
  readonly #draftRows = new Map<string, HTMLElement>();
  readonly #read: () => Shown;
  #isWaiting = false;
  #wasAtEnd = true;

  constructor(stage: HTMLElement, read: () => Shown) {
    this.#stage = stage;
    this.#read = read;
    this.#scroll = part(stage, "chat-scroll");
    this.#list = part(stage, "chat-list");
    this.#drafts = part(stage, "chat-drafts");
    this.#scroll.addEventListener("scroll", () => {
      this.#wasAtEnd = this.#isAtEnd;
    });
    // Pictures and the keyboard change heights later than a row is drawn.
    const observer = new ResizeObserver(() => this.#wasAtEnd && this.toEnd());
    for (const element of [this.#scroll, this.#list, this.#drafts]) observer.observe(element);
  }

  get #isAtEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroll;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  /** Something changed; it is drawn with the next frame. */
  refresh(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    const draw = (): void => {
      if (!this.#isWaiting) return;
      this.#isWaiting = false;
      this.#draw();
    };
    requestAnimationFrame(draw);
    // No frames come while the page lies behind others.
    setTimeout(draw, 250);
  }

  toEnd(): void {
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
  }

  row(key: string): HTMLElement | undefined {
    return this.#rows.get(key);
  }

  #draw(): void {
    const { items, drafts, saved, nameOf } = this.#read();
    part(this.#stage, "chat-empty").hidden = items.length + drafts.length > 0;
    const hasNewOwn = items.some((item) => !this.#rows.has(item.key) && isMine(item));
    this.#keepOnly(items);
    items.forEach((item, index) => {
      const row = this.#rowOf(item);
      writeRow(row, item, saved.has(item.key), nameOf);
      const there = this.#list.children[index] ?? null;
      if (there !== row) this.#list.insertBefore(row, there);
    });
    this.#drawDrafts(drafts, nameOf);
    if (this.#wasAtEnd || hasNewOwn) this.toEnd();
  }

  #rowOf(item: Item): HTMLElement {
    const template = item.kind === "message" ? "chat-message-row" : "chat-file-row";
    const row = this.#rows.get(item.key) ?? makeRow(this.#stage, template);
    this.#rows.set(item.key, row);
    return row;
  }

  #keepOnly(items: Item[]): void {
    const keys = new Set(items.map(({ key }) => key));
    for (const [key, row] of this.#rows) {
      if (keys.has(key)) continue;
      row.remove();
      this.#rows.delete(key);
    }
  }

  #drawDrafts(drafts: Shown["drafts"], nameOf: NameOf): void {
    const writers = new Set(drafts.map(({ from }) => from));
    for (const [from, row] of this.#draftRows) {
      if (writers.has(from)) continue;
      row.remove();
      this.#draftRows.delete(from);
    }
    for (const { from, text } of drafts) {
      const row = this.#draftRows.get(from) ?? makeRow(this.#stage, "chat-draft-row");
      if (!this.#draftRows.has(from)) this.#drafts.append(row);
      this.#draftRows.set(from, row);
      write(part(row, "row-who"), nameOf(from));
      write(part(row, "row-text"), text);
    }
  }
}

function isMine(item: Item): boolean {
  return item.kind === "outgoing" || item.from === "";
}
