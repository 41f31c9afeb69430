/* Pages in one call, with ways between them that a test can break and mend. */
import type { TalkEnvironment } from "../../../frontend/lib/chat/environment.ts";
import type { Word } from "../../../frontend/lib/control.ts";
import type { Pipe } from "../../../frontend/lib/pipe.ts";
import { Words } from "../../../frontend/lib/words.ts";
import { FakeClock } from "./clock.ts";

export class Party {
  readonly clock = new FakeClock();
  readonly pages = new Map<string, FakePage>();
  /** Pairs without a way between them, as "a b". */
  readonly broken = new Set<string>();
  /** Words of these types are lost. */
  readonly lost = new Set<string>();
  /** What passes may be changed on its way. */
  tamper: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> = (bytes) => bytes;
  /** After so many messages with bytes the way ends. */
  cutAfter = Number.POSITIVE_INFINITY;

  add(code: string): FakePage {
    const page = new FakePage(this, code);
    this.pages.set(code, page);
    return page;
  }

  isOpen(a: string, b: string): boolean {
    return !this.broken.has(`${a} ${b}`) && !this.broken.has(`${b} ${a}`);
  }

  cut(a: string, b: string): void {
    this.broken.add(`${a} ${b}`);
  }

  mend(a: string, b: string): void {
    this.broken.delete(`${a} ${b}`);
    this.broken.delete(`${b} ${a}`);
    this.pages.get(a)?.words.meet(b);
    this.pages.get(b)?.words.meet(a);
  }
}

let names = 0;

export class FakePage {
  readonly words: Words;
  readonly code: string;
  readonly said: Word[] = [];
  changes = 0;
  readonly #party: Party;

  constructor(party: Party, code: string) {
    this.#party = party;
    this.code = code;
    this.words = new Words(() => ({
      tell: (word, to) => this.#tell(word, to),
      pipe: (to) => this.#pipe(to) as unknown as Pipe,
    }));
  }

  get others(): string[] {
    return [...this.#party.pages.keys()].filter((code) => code !== this.code);
  }

  get environment(): TalkEnvironment {
    return {
      words: this.words,
      clock: this.#party.clock,
      others: () => this.others,
      name: () => {
        names += 1;
        return `page${names}`;
      },
      changed: () => {
        this.changes += 1;
      },
    };
  }

  #tell(word: Word, to?: string): string[] {
    this.said.push(word);
    if (this.#party.lost.has(word.type)) return [];
    const reached = this.others.filter(
      (code) => (to === undefined || to === code) && this.#party.isOpen(this.code, code),
    );
    // As over a wire: the other gets a copy of what was said.
    for (const code of reached)
      this.#party.pages.get(code)?.words.hear(structuredClone(word), this.code);
    return reached;
  }

  #pipe(to: string): Pick<Pipe, "room" | "send" | "longest"> {
    const way = (): void => {
      if (!this.#party.isOpen(this.code, to)) throw new Error("The connection has ended.");
    };
    return {
      longest: 65_536,
      room: async () => way(),
      send: (bytes) => {
        this.#party.cutAfter -= 1;
        if (this.#party.cutAfter < 0) this.#party.cut(this.code, to);
        way();
        const copy = this.#party.tamper(bytes.slice());
        this.#party.pages.get(to)?.words.receive(copy.buffer, this.code);
      },
    };
  }
}
