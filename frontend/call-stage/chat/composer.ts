/* The box in which a message is written, its switch for real-time text, and the ways in for files. */
import { LONGEST_TEXT } from "../../lib/chat/text.ts";
import { safeName } from "../../lib/files/names.ts";
import type { Refusal } from "../../lib/files/outgoing.ts";
import { part, sentence, write } from "../parts.ts";

export interface ComposerListeners {
  /** False where it could not be taken. */
  send: (text: string) => boolean;
  write: (text: string) => void;
  live: (isLive: boolean) => void;
  offer: (file: File) => Refusal | null;
}

export class Composer {
  readonly #stage: HTMLElement;
  readonly #text: HTMLTextAreaElement;
  readonly #error: HTMLElement;
  readonly #told: ComposerListeners;

  constructor(stage: HTMLElement, told: ComposerListeners) {
    this.#stage = stage;
    this.#told = told;
    this.#text = part<HTMLTextAreaElement>(stage, "chat-text");
    this.#error = part(stage, "chat-error");
    this.#text.addEventListener("input", () => this.#typed());
    this.#text.addEventListener("keydown", (event) => this.#pressed(event));
    part(stage, "chat-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    part(stage, "chat-live").addEventListener("change", () => this.#switched());
    const input = part<HTMLInputElement>(stage, "chat-file");
    input.addEventListener("change", () => {
      this.#offer([...(input.files ?? [])]);
      input.value = "";
    });
    this.#takeDrops(part(stage, "chat-drop"));
    // Some browsers bring the switch back as it was before a reload.
    this.#switched();
  }

  /** "Dateien senden". */
  choose(): void {
    part<HTMLInputElement>(this.#stage, "chat-file").click();
  }

  focus(): void {
    this.#text.focus({ preventScroll: true });
  }

  clear(): void {
    this.#text.value = "";
    this.#explain("");
    this.#grow();
  }

  #typed(): void {
    this.#grow();
    this.#explain(this.#text.value.length > LONGEST_TEXT ? "long" : "");
    this.#told.write(this.#text.value);
  }

  /** On telephones Enter makes a line: there is a button to send, and no Shift at hand. */
  #pressed(event: KeyboardEvent): void {
    const isPlain = !event.shiftKey && !event.isComposing;
    if (event.key !== "Enter" || !isPlain || matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    this.#send();
  }

  #send(): void {
    const text = this.#text.value;
    if (text.trim() === "") this.focus();
    else if (text.trim().length > LONGEST_TEXT) this.#explain("long");
    else if (this.#told.send(text)) this.clear();
    else this.#explain("waiting");
    this.focus();
  }

  #switched(): void {
    const isLive = part<HTMLInputElement>(this.#stage, "chat-live").checked;
    const words = part(this.#stage, "chat-live-words");
    write(words, sentence(words, isLive ? "on" : "off"));
    this.#told.live(isLive);
  }

  #offer(files: File[]): void {
    this.#explain("");
    for (const file of files) {
      const refusal = this.#told.offer(file);
      if (refusal !== null) this.#explain(refusal, safeName(file.name));
    }
  }

  /** Dropped beside the area a file must not open in place of the call either. */
  #takeDrops(area: HTMLElement): void {
    const panel = area.parentElement;
    const bringsFiles = (event: DragEvent): boolean =>
      event.dataTransfer?.types.includes("Files") === true;
    this.#stage.addEventListener("dragover", (event) => {
      if (!bringsFiles(event)) return;
      event.preventDefault();
      area.hidden = !(event.target instanceof Node && panel?.contains(event.target));
    });
    this.#stage.addEventListener("dragleave", ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && panel?.contains(relatedTarget))) area.hidden = true;
    });
    this.#stage.addEventListener("drop", (event) => {
      if (!bringsFiles(event)) return;
      event.preventDefault();
      const isInside = event.target instanceof Node && panel?.contains(event.target);
      area.hidden = true;
      if (isInside) this.#offer([...(event.dataTransfer?.files ?? [])]);
    });
  }

  #explain(key: string, name = ""): void {
    const words = key === "" ? "" : `${sentence(this.#error, key)} ${name}`.trim();
    write(this.#error, words);
    this.#error.hidden = words === "";
    this.#text.setAttribute("aria-invalid", String(key === "long"));
  }

  /** As high as the text, up to what the style allows; browsers with field-sizing do it alone. */
  #grow(): void {
    if (CSS.supports("field-sizing", "content")) return;
    this.#text.style.blockSize = "auto";
    this.#text.style.blockSize = `${this.#text.scrollHeight + 2}px`;
  }
}
