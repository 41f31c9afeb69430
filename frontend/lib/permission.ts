/* Asking the other side for something, one question at a time: a still image (DEC-19). Pure; the words
   `image.ask`, `image.answer`, `image.over` and `image.taken` of docs/protocol.md carry it. */
import type { Clock } from "./clock.ts";
import type { Word } from "./control.ts";
import type { Words } from "./words.ts";

export type Answer = "allowed" | "declined" | "unanswered" | "unreachable" | "later";

/** Long enough to read and think, short enough that nobody allows what was asked long ago. */
export const ANSWER_WITHIN = 30_000;
/** After a no nobody is asked again at once. */
export const NOT_AGAIN = 30_000;

export interface PermissionEnvironment {
  clock: Clock;
  words: Pick<Words, "on" | "tell">;
  /** The operator has switched the function off: whoever asks all the same hears "no". */
  isOffered: boolean;
  /** Somebody asks us (their code), or the question is over (null). */
  asked: (by: string | null) => void;
  /** They took the picture that we allowed. */
  taken: (by: string) => void;
}

interface Question {
  id: string;
  code: string;
  stop: () => void;
}

export class Permission {
  readonly #environment: PermissionEnvironment;
  #mine: (Question & { settle: (answer: Answer) => void }) | null = null;
  #theirs: Question | null = null;
  #declinedAt = Number.NEGATIVE_INFINITY;

  constructor(environment: PermissionEnvironment) {
    this.#environment = environment;
    const { words } = environment;
    words.on("image.ask", ({ id }, from) => this.#hearQuestion(id, from));
    words.on("image.answer", ({ id, allowed }, from) => {
      if (this.#isMine(id, from)) this.#settle(allowed === true ? "allowed" : "declined");
    });
    words.on("image.over", ({ id }, from) => {
      if (this.#theirs?.id === id && this.#theirs?.code === from) this.#close();
    });
    words.on("image.taken", (_, from) => environment.taken(from));
  }

  get isAsking(): boolean {
    return this.#mine !== null;
  }

  /** Ask `code`; resolves with what came of it. */
  ask(code: string): Promise<Answer> {
    const { clock } = this.#environment;
    if (!this.#environment.isOffered || this.#mine !== null) return Promise.resolve("later");
    if (clock.now() - this.#declinedAt < NOT_AGAIN) return Promise.resolve("later");
    const id = crypto.randomUUID();
    return new Promise((settle) => {
      const stop = clock.later(ANSWER_WITHIN, () => this.#settle("unanswered"));
      this.#mine = { id, code, stop, settle };
      if (!this.#tell({ type: "image.ask", id }, code)) this.#settle("unreachable");
    });
  }

  /** The image exists: they are told, before it is saved. */
  tellTaken(code: string): void {
    this.#tell({ type: "image.taken" }, code);
  }

  answer(allowed: boolean): void {
    const question = this.#theirs;
    if (question === null) return;
    this.#close();
    this.#tell({ type: "image.answer", id: question.id, allowed }, question.code);
  }

  /** The call is over, and every question with it. */
  end(): void {
    this.#close();
    this.#settle("unanswered");
    this.#declinedAt = Number.NEGATIVE_INFINITY;
  }

  #hearQuestion(id: unknown, code: string): void {
    if (typeof id !== "string") return;
    if (!this.#environment.isOffered || this.#theirs !== null)
      this.#tell({ type: "image.answer", id, allowed: false }, code);
    else {
      const stop = this.#environment.clock.later(ANSWER_WITHIN, () => this.#close());
      this.#theirs = { id, code, stop };
      this.#environment.asked(code);
    }
  }

  #isMine(id: unknown, from: string): boolean {
    return this.#mine !== null && this.#mine.id === id && this.#mine.code === from;
  }

  #settle(answer: Answer): void {
    const question = this.#mine;
    if (question === null) return;
    this.#mine = null;
    question.stop();
    if (answer === "declined") this.#declinedAt = this.#environment.clock.now();
    if (answer === "unanswered") this.#tell({ type: "image.over", id: question.id }, question.code);
    question.settle(answer);
  }

  #close(): void {
    if (this.#theirs === null) return;
    this.#theirs.stop();
    this.#theirs = null;
    this.#environment.asked(null);
  }

  #tell(word: Word, to: string): boolean {
    return this.#environment.words.tell(word, to).length > 0;
  }
}
