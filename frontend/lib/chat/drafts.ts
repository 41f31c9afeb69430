/* Real-time text (B17): what somebody is typing, seen by the others while it is typed. Always the
   whole draft with a number, so that the next one heals whatever was lost. */
import type { Word } from "../control.ts";
import type { TalkEnvironment } from "./environment.ts";
import { Rates } from "./rate.ts";
import { clean, countFrom, LONGEST_TEXT, pageFrom, textFrom } from "./text.ts";

/** Between two drafts; well below the second within which each character must be seen. */
const PACE = 200;

interface Heard {
  page: string;
  revision: number;
  text: string;
}

export class Drafts {
  /** Whether the others see what is typed here; the writer decides. */
  #isLive = true;
  readonly #environment: TalkEnvironment;
  readonly #page: () => string;
  readonly #rates: Rates;
  readonly #heard = new Map<string, Heard>();
  #text = "";
  #told = "";
  #revision = 0;
  #lastAt = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | null = null;

  constructor(environment: TalkEnvironment, page: () => string) {
    this.#environment = environment;
    this.#page = page;
    this.#rates = new Rates(environment.clock, 40, 20);
    environment.words.on("draft", (word, from) => this.#hear(word, from));
  }

  get isLive(): boolean {
    return this.#isLive;
  }

  set isLive(live: boolean) {
    this.#isLive = live;
    this.#soon();
  }

  /** What the others are typing just now. */
  get shown(): { from: string; text: string }[] {
    return [...this.#heard]
      .filter(([, { text }]) => text.trim() !== "")
      .map(([from, { text }]) => ({ from, text }));
  }

  /** The box holds `text` now. */
  write(text: string): void {
    this.#text = clean(text).slice(0, LONGEST_TEXT);
    this.#soon();
  }

  /** A finished message takes its draft's place. */
  finish(): void {
    this.#text = "";
    this.#tell();
  }

  /** Somebody has just become reachable. */
  tellTo(code: string): void {
    if (this.#told !== "") this.#say(code);
  }

  /** `from` has finished, or is another page now. */
  forget(from: string, page: string): void {
    const heard = this.#heard.get(from);
    if (heard === undefined) return;
    if (heard.page === page) heard.text = "";
    else this.#heard.delete(from);
  }

  clear(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#heard.clear();
    this.#text = this.#told = "";
  }

  #soon(): void {
    if (this.#cancel !== null) return;
    const { clock } = this.#environment;
    const wait = this.#lastAt + PACE - clock.now();
    if (wait <= 0) this.#tell();
    else {
      this.#cancel = clock.later(wait, () => {
        this.#cancel = null;
        this.#tell();
      });
    }
  }

  #tell(): void {
    const text = this.#isLive ? this.#text : "";
    if (text === this.#told) return;
    this.#told = text;
    this.#revision += 1;
    this.#lastAt = this.#environment.clock.now();
    this.#say();
  }

  #say(to?: string): void {
    const word: Word = {
      type: "draft",
      page: this.#page(),
      revision: this.#revision,
      text: this.#told,
    };
    this.#environment.words.tell(word, to);
  }

  #hear(word: Word, from: string): void {
    const page = pageFrom(word.page);
    const revision = countFrom(word.revision);
    const text = textFrom(word.text);
    if (page === null || revision === null || text === null || !this.#rates.take(from)) return;
    const known = this.#heard.get(from);
    if (known?.page === page && known.revision >= revision) return;
    this.#heard.set(from, { page, revision, text });
    this.#environment.changed();
  }
}
