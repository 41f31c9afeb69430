/* Files that this page offers: to each of the others on its own, one after the other. */
import type { Order, TalkEnvironment } from "../chat/environment.ts";
import { countFrom } from "../chat/text.ts";
import type { Word } from "../control.ts";
import { safeName } from "./names.ts";
import { type Source, sendThrough, Unreadable } from "./sending.ts";

export const LARGEST_FILE = 100 * 1024 * 1024;
/** How many of one's own may wait or run at a time. */
export const MOST_FILES = 20;

export type LegState =
  | "offered"
  | "waiting"
  | "sending"
  | "checking"
  | "done"
  | "declined"
  | "stopped"
  | "broken"
  | "unreadable"
  | "bad";

/** What became of an offer at one of the others. */
export interface Leg {
  state: LegState;
  sent: number;
}

export interface Outgoing {
  kind: "outgoing";
  key: string;
  order: number;
  id: number;
  name: string;
  size: number;
  at: number;
  legs: Map<string, Leg>;
  source: Source;
}

const ENDED: LegState[] = ["done", "declined", "stopped", "broken", "unreadable", "bad"];
export const AGAIN: LegState[] = ["declined", "stopped", "broken", "bad"];

export type Refusal = "large" | "many" | "empty";

export class OutgoingFiles {
  files: Outgoing[] = [];
  readonly #environment: TalkEnvironment;
  readonly #order: Order;
  readonly #lines = new Map<string, Promise<void>>();
  #id: number;

  constructor(environment: TalkEnvironment, order: Order, firstId: number) {
    this.#environment = environment;
    this.#order = order;
    this.#id = firstId;
    const { words } = environment;
    words.on("file.accept", (word, from) => this.#accepted(word, from));
    words.on("file.decline", (word, from) => this.#answered(word, from, "declined"));
    words.on("file.stop", (word, from) => this.#answered(word, from, "stopped"));
    words.on("file.done", (word, from) =>
      this.#answered(word, from, word.ok === true ? "done" : "bad"),
    );
    words.on("file.seen", (word, from) => {
      // They still look at the offer of a page of ours that was reloaded.
      if (this.#find(word, from) === null)
        words.tell({ type: "file.withdraw", id: countFrom(word.id) }, from);
    });
    words.onMeeting((code) => this.#meet(code));
  }

  /** Offer a file to everybody, or say why not. */
  offer(source: Source, to = this.#environment.others()): Refusal | null {
    if (source.size > LARGEST_FILE) return "large";
    if (source.size === 0) return "empty";
    const open = this.files.filter(({ legs }) => [...legs.values()].some(isOpen));
    if (open.length >= MOST_FILES) return "many";
    this.#id = (this.#id + 1) >>> 0;
    const file: Outgoing = {
      kind: "outgoing",
      key: `out:${this.#id}`,
      order: this.#order.next(),
      id: this.#id,
      name: safeName(source.name),
      size: source.size,
      at: this.#environment.clock.now(),
      legs: new Map(to.map((code) => [code, { state: "offered", sent: 0 }])),
      source,
    };
    this.files.push(file);
    for (const code of to) this.#say(file, code);
    this.#environment.changed();
    return null;
  }

  /** To those who did not get it, as a new offer. */
  again(key: string): Refusal | null {
    const file = this.files.find((one) => one.key === key);
    if (file === undefined) return null;
    const to = [...file.legs].filter(([, { state }]) => AGAIN.includes(state));
    const refusal = this.offer(
      file.source,
      to.map(([code]) => code),
    );
    if (refusal === null) for (const [code] of to) file.legs.delete(code);
    if (file.legs.size === 0) this.files = this.files.filter((one) => one !== file);
    this.#environment.changed();
    return refusal;
  }

  /** "Abbrechen". */
  withdraw(key: string): void {
    const file = this.files.find((one) => one.key === key);
    for (const [code, leg] of file?.legs ?? []) {
      if (!isOpen(leg)) continue;
      leg.state = "stopped";
      this.#environment.words.tell({ type: "file.withdraw", id: file?.id }, code);
    }
    this.#environment.changed();
  }

  clear(): void {
    for (const { legs } of this.files) for (const leg of legs.values()) leg.state = "stopped";
    this.files = [];
    this.#lines.clear();
  }

  #say({ id, name, size }: Outgoing, code: string): void {
    this.#environment.words.tell({ type: "file.offer", id, name, size }, code);
  }

  /** The connection is another: what was under way is cut, what waits is said again. */
  #meet(code: string): void {
    for (const file of this.files) {
      const leg = file.legs.get(code);
      if (leg?.state === "offered") this.#say(file, code);
      else if (leg !== undefined && isOpen(leg)) leg.state = "broken";
    }
    this.#environment.changed();
  }

  #find(word: Word, from: string): { file: Outgoing; leg: Leg } | null {
    const id = countFrom(word.id);
    const file = this.files.find((one) => one.id === id);
    const leg = file?.legs.get(from);
    return file && leg && isOpen(leg) ? { file, leg } : null;
  }

  #answered(word: Word, from: string, state: LegState): void {
    const found = this.#find(word, from);
    if (found === null || (state === "done" && found.leg.state !== "checking")) return;
    found.leg.state = state;
    this.#environment.changed();
  }

  #accepted(word: Word, from: string): void {
    const found = this.#find(word, from);
    if (found === null || found.leg.state !== "offered") return;
    found.leg.state = "waiting";
    this.#environment.changed();
    const before = this.#lines.get(from) ?? Promise.resolve();
    this.#lines.set(
      from,
      before.then(() => this.#send(found.file, found.leg, from)),
    );
  }

  async #send(file: Outgoing, leg: Leg, to: string): Promise<void> {
    const { words, changed } = this.#environment;
    const pipe = words.pipe(to);
    if (leg.state !== "waiting") return;
    leg.state = "sending";
    try {
      if (pipe === null) throw new Error("no way to them");
      const digest = await sendThrough(pipe, file.id, file.source, (sent) => {
        leg.sent = sent;
        changed();
        return leg.state === "sending";
      });
      if (digest === null) return;
      leg.state = "checking";
      words.tell({ type: "file.end", id: file.id, sha256: digest }, to);
    } catch (error) {
      if (leg.state !== "sending") return;
      leg.state = error instanceof Unreadable ? "unreadable" : "broken";
      words.tell({ type: "file.withdraw", id: file.id }, to);
    }
    changed();
  }
}

function isOpen({ state }: Leg): boolean {
  return !ENDED.includes(state);
}
