/* Short sentences at the upper edge of the call. They take no focus and leave by themselves; a
   sentence that holds for as long as something lasts is taken back by whoever said it. */
import { part, sentence } from "./parts.ts";

const READING = 9_000;

export class Notices {
  readonly #place: HTMLElement;

  constructor(stage: HTMLElement) {
    this.#place = part(stage, "notices");
  }

  /** Say data-text-<key>, with {name} and the like filled in. */
  say(key: string, values: Record<string, string> = {}, lasting = false): void {
    this.takeBack(key);
    const line = document.createElement("p");
    line.className = "stage__note";
    line.dataset.notice = key;
    line.textContent = fill(sentence(this.#place, key), values);
    this.#place.append(line);
    if (!lasting) setTimeout(() => line.remove(), READING);
  }

  says(key: string): boolean {
    return this.#line(key) !== null;
  }

  takeBack(key: string): void {
    this.#line(key)?.remove();
  }

  clear(): void {
    this.#place.replaceChildren();
  }

  #line(key: string): HTMLElement | null {
    return this.#place.querySelector(`[data-notice="${key}"]`);
  }
}

function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (gap, name: string) => values[name] ?? gap);
}
