/* Files that the others offer. Nothing comes before somebody here has said "Annehmen". */
import type { Order, TalkEnvironment } from "../chat/environment.ts";
import { Rates } from "../chat/rate.ts";
import { countFrom } from "../chat/text.ts";
import type { Word } from "../control.ts";
import { unpack } from "./frames.ts";
import { safeName } from "./names.ts";
import { LARGEST_FILE, MOST_FILES } from "./outgoing.ts";
import { Receiving } from "./receiving.ts";

export type IncomingState =
  | "offered"
  | "waiting"
  | "receiving"
  | "done"
  | "declined"
  | "stopped"
  | "withdrawn"
  | "broken"
  | "bad";

export interface Incoming {
  kind: "incoming";
  key: string;
  order: number;
  id: number;
  from: string;
  name: string;
  size: number;
  at: number;
  state: IncomingState;
  received: number;
  /** The whole file, once its SHA-256 is right. */
  blob: Blob | null;
}

const OPEN: IncomingState[] = ["offered", "waiting", "receiving"];
const MOST_SHOWN = 100;
const DIGEST = /^[0-9a-f]{64}$/;

export class IncomingFiles {
  files: Incoming[] = [];
  readonly #environment: TalkEnvironment;
  readonly #order: Order;
  readonly #heard: (file: Incoming) => void;
  readonly #rates: Rates;
  readonly #running = new Map<Incoming, Receiving>();

  constructor(environment: TalkEnvironment, order: Order, heard: (file: Incoming) => void) {
    this.#environment = environment;
    this.#order = order;
    this.#heard = heard;
    this.#rates = new Rates(environment.clock, MOST_FILES, 1);
    const { words } = environment;
    words.on("file.offer", (word, from) => this.#offered(word, from));
    words.on("file.withdraw", (word, from) => this.#withdrawn(word, from));
    words.on("file.end", (word, from) => this.#ended(word, from));
    words.onBytes((bytes, from) => this.#take(bytes, from));
    words.onMeeting((code) => this.#meet(code));
  }

  accept(key: string): void {
    const file = this.#byKey(key);
    if (file?.state !== "offered") return;
    this.#running.set(file, new Receiving(file.size));
    const told = this.#environment.words.tell({ type: "file.accept", id: file.id }, file.from);
    if (told.length === 0) this.#running.delete(file);
    else file.state = "waiting";
    this.#environment.changed();
  }

  decline(key: string): void {
    this.#refuse(this.#byKey(key), "file.decline", "declined");
  }

  /** "Abbrechen". */
  stop(key: string): void {
    this.#refuse(this.#byKey(key), "file.stop", "stopped");
  }

  clear(): void {
    this.files = [];
    this.#running.clear();
  }

  #byKey(key: string): Incoming | undefined {
    return this.files.find((file) => file.key === key);
  }

  #find(from: string, id: unknown): Incoming | undefined {
    return this.files.find(
      (file) => file.from === from && file.id === id && OPEN.includes(file.state),
    );
  }

  #refuse(file: Incoming | undefined, type: string, state: IncomingState): void {
    if (file === undefined || !OPEN.includes(file.state)) return;
    this.#environment.words.tell({ type, id: file.id }, file.from);
    this.#end(file, state);
  }

  #end(file: Incoming, state: IncomingState): void {
    this.#running.delete(file);
    file.state = state;
    this.#environment.changed();
  }

  #offered(word: Word, from: string): void {
    const id = countFrom(word.id);
    const size = countFrom(word.size);
    const isUsable = id !== null && size !== null && size > 0 && size <= LARGEST_FILE;
    if (!isUsable || typeof word.name !== "string") return;
    const known = this.files.find((file) => file.from === from && file.id === id);
    if (known && OPEN.includes(known.state)) return;
    if (known) {
      // Our answer was lost with the connection.
      this.#environment.words.tell({ type: "file.decline", id }, from);
      return;
    }
    const open = this.files.filter((file) => file.from === from && OPEN.includes(file.state));
    if (!this.#rates.take(from) || open.length >= MOST_FILES) {
      this.#environment.words.tell({ type: "file.decline", id }, from);
      return;
    }
    const file: Incoming = {
      kind: "incoming",
      key: `in:${from}:${id}:${this.#environment.name()}`,
      order: this.#order.next(),
      id,
      from,
      name: safeName(word.name),
      size,
      at: this.#environment.clock.now(),
      state: "offered",
      received: 0,
      blob: null,
    };
    this.files.push(file);
    this.#forgetOldest();
    this.#heard(file);
    this.#environment.changed();
  }

  /** What was saved or refused long ago makes room; what is open or whole stays. */
  #forgetOldest(): void {
    if (this.files.length <= MOST_SHOWN) return;
    const old = this.files.find(({ state }) => !OPEN.includes(state) && state !== "done");
    if (old) this.files = this.files.filter((file) => file !== old);
  }

  #withdrawn(word: Word, from: string): void {
    const file = this.#find(from, word.id);
    if (file) this.#end(file, "withdrawn");
  }

  #take(bytes: ArrayBuffer, from: string): void {
    const piece = unpack(bytes);
    const file = piece ? this.#find(from, piece.id) : undefined;
    const receiving = file ? this.#running.get(file) : undefined;
    if (piece === null || file === undefined || receiving === undefined) return;
    if (!receiving.take(piece)) {
      this.#refuse(file, "file.stop", "bad");
      return;
    }
    file.state = "receiving";
    file.received = receiving.received;
    this.#check(file, receiving);
    this.#environment.changed();
  }

  #ended(word: Word, from: string): void {
    const file = this.#find(from, word.id);
    const receiving = file ? this.#running.get(file) : undefined;
    if (file === undefined || receiving === undefined) return;
    if (typeof word.sha256 !== "string" || !DIGEST.test(word.sha256)) return;
    receiving.expect(word.sha256);
    this.#check(file, receiving);
  }

  #check(file: Incoming, receiving: Receiving): void {
    const whole = receiving.finish();
    if (whole === null) return;
    file.blob = whole === "bad" ? null : whole;
    this.#environment.words.tell(
      { type: "file.done", id: file.id, ok: whole !== "bad" },
      file.from,
    );
    this.#end(file, whole === "bad" ? "bad" : "done");
  }

  /** The connection is another. What was on its way is cut; the sender says again what it offers. */
  #meet(code: string): void {
    for (const file of this.files) {
      if (file.from !== code || !OPEN.includes(file.state)) continue;
      if (file.state === "offered")
        this.#environment.words.tell({ type: "file.seen", id: file.id }, code);
      else this.#end(file, "broken");
    }
  }
}
