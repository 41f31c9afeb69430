/* The lines of a conversation as a list. Adds at the end and changes only what changed, since
   screen readers speak what is added. */
import { sentence, write } from "../call-stage/parts.ts";
import type { Line } from "../lib/secrecy/conversation.ts";

const NEAR = 60;

export class ChatLog {
  readonly #list: HTMLElement;
  readonly #words: HTMLElement;
  readonly #shown = new Map<string, HTMLElement>();

  constructor(list: HTMLElement, words: HTMLElement) {
    this.#list = list;
    this.#words = words;
    list.replaceChildren();
  }

  show(lines: Line[]): void {
    this.#list.hidden = lines.length === 0;
    const { scrollHeight, scrollTop, clientHeight } = this.#list;
    const wasAtEnd = scrollHeight - scrollTop - clientHeight < NEAR;
    const before = this.#shown.size;
    for (const line of lines) this.#showLine(line);
    if (this.#shown.size > before && wasAtEnd) this.#list.scrollTop = this.#list.scrollHeight;
  }

  #showLine(line: Line): void {
    const row = this.#shown.get(line.id) ?? this.#add(line);
    row.dataset.state = line.state;
    const [words, meta] = row.children as unknown as HTMLElement[];
    if (words) write(words, line.kind === "text" ? line.text : this.#say(line.kind));
    if (meta) write(meta, line.kind === "text" ? this.#meta(line) : clock(line.at));
  }

  #add({ id, kind, state }: Line): HTMLElement {
    const row = document.createElement("li");
    const whose = state === "heard" ? "other" : "own";
    row.className = `messages__line messages__line--${kind === "text" ? whose : kind}`;
    for (const name of ["words", "meta"]) {
      const line = document.createElement("p");
      line.className = `messages__${name}`;
      row.append(line);
    }
    this.#shown.set(id, row);
    this.#list.append(row);
    return row;
  }

  #meta({ at, state }: Line): string {
    const who = this.#say(state === "heard" ? "other" : "own");
    return [who, clock(at), this.#say(state)].filter(Boolean).join(" · ");
  }

  #say(key: string): string {
    return sentence(this.#words, key);
  }
}

function clock(at: number): string {
  return new Date(at).toLocaleTimeString(document.documentElement.lang, {
    hour: "2-digit",
    minute: "2-digit",
  });
}
