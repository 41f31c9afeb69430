/* What somebody hears of the chat who is not looking at it: a number at the button, a short line
   on the stage, and a sentence for screen readers. Drafts are never read out. */
import { part, sentence, write } from "../parts.ts";

const SHOWN = 8_000;
const MOST_LINES = 5;

export class Notice {
  readonly #stage: HTMLElement;
  readonly #line: HTMLElement;
  readonly #log: HTMLElement;
  #unread = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(stage: HTMLElement) {
    this.#stage = stage;
    this.#line = part(stage, "chat-preview");
    this.#log = part(stage, "chat-log");
  }

  message(who: string, text: string, isSeen: boolean): void {
    this.#say(`${who}: ${text}`);
    if (!isSeen) this.#show(who, text);
  }

  offer(who: string, file: string, isSeen: boolean): void {
    this.#say(`${who} ${sentence(this.#log, "offer")} ${file}`);
    const words = sentence(part(this.#stage, "chat-preview-text"), "file");
    if (!isSeen) this.#show(who, `${words}: ${file}`);
  }

  arrived(file: string): void {
    this.#say(`${sentence(this.#log, "done")} ${file}`);
  }

  /** Everything is seen, or the call is over. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#line.hidden = true;
    this.#count(0);
  }

  forget(): void {
    this.clear();
    this.#log.replaceChildren();
  }

  #show(who: string, text: string): void {
    write(part(this.#stage, "chat-preview-who"), who);
    write(part(this.#stage, "chat-preview-text"), text.slice(0, 120));
    this.#line.hidden = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#line.hidden = true;
    }, SHOWN);
    this.#count(this.#unread + 1);
  }

  #count(unread: number): void {
    this.#unread = unread;
    for (const badge of this.#stage.querySelectorAll<HTMLElement>("[data-unread]")) {
      badge.hidden = unread === 0;
      const number = badge.querySelector<HTMLElement>("[data-unread-number]");
      if (number) write(number, unread > 99 ? "99+" : String(unread));
    }
  }

  #say(text: string): void {
    const line = document.createElement("p");
    line.textContent = text;
    this.#log.append(line);
    while (this.#log.children.length > MOST_LINES) this.#log.firstElementChild?.remove();
  }
}
