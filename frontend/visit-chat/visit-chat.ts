/* <visit-chat>: messages between a waiting guest and the practice, the same on both sides.
   Shows a conversation of lib/secrecy; what it says about the other side's presence at the host's
   comes from the server in data-presence ("here", "away", "gone", "call"). */
import { part, sentence, write } from "../call-stage/parts.ts";
import type { Conversation } from "../lib/secrecy/conversation.ts";
import type { Conversations } from "../lib/secrecy/conversations.ts";
import { LONGEST } from "../lib/secrecy/words.ts";
import { ChatLog } from "./log.ts";

const PATIENCE = 4_000;

let conversations: Conversations | null = null;

export class VisitChat extends HTMLElement {
  static readonly observedAttributes = ["data-presence"];
  #conversation: Conversation | null = null;
  #log: ChatLog | null = null;
  #isWaited = false;
  #stop: () => void = () => undefined;

  /** The page's conversations; elements that were there before come to life now. */
  static provide(all: Conversations): void {
    conversations = all;
    for (const chat of document.querySelectorAll<VisitChat>("visit-chat")) chat.#begin();
  }

  connectedCallback(): void {
    if (conversations !== null) this.#begin();
  }

  disconnectedCallback(): void {
    this.#stop();
    this.#conversation = null;
  }

  attributeChangedCallback(): void {
    this.#render();
  }

  #begin(): void {
    if (this.#conversation !== null || conversations === null) return;
    if (!conversations.isPossible) {
      this.#say("insecure");
      part(this, "form").hidden = true;
      return;
    }
    this.#conversation = conversations.of(this.dataset.guest ?? "");
    this.#log = new ChatLog(part(this, "log"), part(this, "words"));
    this.#text.value = this.#conversation.draft;
    this.#listen();
    this.#render();
  }

  #listen(): void {
    const form = part<HTMLFormElement>(this, "form");
    const render = (): void => this.#render();
    const forget = conversations?.onChange(render);
    const waited = setTimeout(() => {
      this.#isWaited = true;
      this.#render();
    }, PATIENCE);
    const events = new AbortController();
    const { signal } = events;
    form.addEventListener("submit", (event) => this.#send(event), { signal });
    this.#text.addEventListener("keydown", (event) => this.#pressed(event, form), { signal });
    this.#text.addEventListener("input", () => this.#typed(), { signal });
    document.addEventListener("visibilitychange", render, { signal });
    document.addEventListener("focusin", render, { signal });
    document.addEventListener("htmx:after:swap", render, { signal });
    this.#stop = () => {
      forget?.();
      clearTimeout(waited);
      events.abort();
    };
  }

  get #text(): HTMLTextAreaElement {
    return part<HTMLTextAreaElement>(this, "text");
  }

  get #isGuest(): boolean {
    return this.dataset.side === "guest";
  }

  /** "gone", "call", "away" or "here", as far as anybody can tell. */
  get #presence(): string {
    const told = this.dataset.presence ?? "here";
    if (told !== "here") return told;
    const isUnheard = this.#isGuest && this.#isWaited && this.#conversation?.isReachable === false;
    return isUnheard ? "away" : told;
  }

  #pressed(event: KeyboardEvent, form: HTMLFormElement): void {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  }

  #typed(): void {
    if (this.#conversation) this.#conversation.draft = this.#text.value;
    this.#complain("");
    this.#grow();
  }

  #send(event: Event): void {
    event.preventDefault();
    const written = this.#conversation?.write(this.#text.value);
    if (written === "too-long") {
      const more = this.#text.value.trim().length - LONGEST;
      const text = sentence(part(this, "error"), "long").replace("{n}", String(more));
      this.#complain(text);
    } else if (written === "ok") {
      this.#text.value = "";
      this.#typed();
    }
    this.#text.focus();
  }

  #complain(text: string): void {
    const error = part(this, "error");
    write(error, text);
    error.hidden = text === "";
    if (text === "") this.#text.removeAttribute("aria-invalid");
    else this.#text.setAttribute("aria-invalid", "true");
  }

  #grow(): void {
    this.#text.rows = Math.min(5, Math.max(1, this.#text.value.split("\n").length));
  }

  #render(): void {
    const conversation = this.#conversation;
    if (conversation === null) return;
    this.#log?.show(conversation.lines);
    const presence = this.#presence;
    part(this, "form").hidden = presence === "gone" || presence === "call";
    const isLost = conversation.lines.some(({ state }) => state === "lost");
    this.#say(isLost && presence === "gone" ? "lost" : presence);
    // What did not arrive is never hidden together with the box.
    if (conversation.lines.length > 0) this.closest("section")?.removeAttribute("hidden");
    if (this.#isSeen) conversation.read();
  }

  get #isSeen(): boolean {
    const isOpen = document.visibilityState === "visible" && this.closest("[inert]") === null;
    return isOpen && this.checkVisibility();
  }

  #say(key: string): void {
    const state = part(this, "state");
    const text = sentence(state, key);
    write(state, text);
    state.hidden = text === "";
  }
}
