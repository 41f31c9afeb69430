/* How the people of a call get one short code that they can read out to each other. Each page
   commits to a random number before it learns the others', so that whoever sits in the middle
   with certificates of their own gets one guess, and cannot search for a code that fits
   (decision 20). The words go over the data channels, from page to page. */
import type { Word } from "../control.ts";
import { Queue } from "../queue.ts";
import { digest, freshNonce, spoken } from "./digest.ts";

/** Somebody in the call and the certificate on this end of the connection with them. */
export interface Member {
  code: string;
  fingerprint: string;
}

export interface AgreementEnvironment {
  /** Everybody else, once their connections stand, and ourselves; null while it is not known. */
  roster: () => { me: Member; others: Member[] } | null;
  tell: (word: Word) => void;
  changed: () => void;
}

/** Good for one attempt at one round only. */
interface Pledge {
  round: string;
  attempt: number;
  commitment: string;
  nonce: string | null;
}

/** More numbers shown in vain than people coming and going can explain: somebody tries their luck. */
const PATIENCE = 50;
const MOST_ATTEMPTS = 1_000_000;
const HASH = /^[0-9a-f]{64}$/;

export class Agreement {
  /** The code as people read it out; null while it is being made. */
  code: string | null = null;
  /** Somebody showed another number than they had pledged, or had us begin over and over again. */
  isBroken = false;
  readonly #environment: AgreementEnvironment;
  readonly #queue = new Queue();
  readonly #pledges = new Map<string, Pledge>();
  #members = "";
  #round = "";
  /** Rises with every beginning; whoever hears of a higher one takes it over. */
  #attempt = 0;
  #nonce = "";
  #commitment = "";
  #hasShown = false;
  #wasted = 0;

  constructor(environment: AgreementEnvironment) {
    this.#environment = environment;
  }

  /** Somebody came, left, or has another certificate now. */
  look(): Promise<void> {
    return this.#queue.run(async () => {
      const key = JSON.stringify(this.#environment.roster());
      if (key === this.#members) return;
      this.#members = key;
      await this.#begin();
    });
  }

  hear(word: Word, from: string): Promise<void> {
    return this.#queue.run(async () => {
      if (word.type === "code.commitment") await this.#hearCommitment(word, from);
      else await this.#hearNonce(word, from);
    });
  }

  /** To somebody whose channel has opened anew: what they may have missed. */
  repeat(): Promise<void> {
    return this.#queue.run(async () => {
      if (this.#round) this.#tellCommitment();
      if (this.#round && this.#hasShown) this.#tellNonce();
    });
  }

  /** Another call: nothing of this one counts. */
  reset(): void {
    this.code = null;
    this.isBroken = false;
    this.#pledges.clear();
    this.#members = "";
    this.#round = "";
    this.#attempt = 0;
    this.#hasShown = false;
    this.#wasted = 0;
  }

  async #begin(): Promise<void> {
    const roster = this.#environment.roster();
    this.code = null;
    this.#round = "";
    if (this.#hasShown) this.#wasted += 1;
    if (this.#wasted > PATIENCE) this.isBroken = true;
    this.#hasShown = false;
    if (roster !== null && roster.others.length > 0 && !this.isBroken) {
      const { me, others } = roster;
      const people = [me, ...others].map(({ code, fingerprint }) => `${code} ${fingerprint}`);
      this.#round = await digest("round", people.sort());
      const heard = [...this.#pledges.values()].filter(({ round }) => round === this.#round);
      this.#attempt = Math.max(this.#attempt + 1, ...heard.map(({ attempt }) => attempt));
      this.#nonce = freshNonce();
      this.#commitment = await commitmentOf(this.#round, this.#attempt, me, this.#nonce);
      this.#tellCommitment();
      await this.#advance();
    }
    this.#environment.changed();
  }

  async #hearCommitment(word: Word, from: string): Promise<void> {
    const { round, attempt, commitment } = word;
    if (!isHash(round) || !isHash(commitment) || !isAttempt(attempt)) return;
    const known = this.#pledges.get(from);
    // The first word counts: a pledge that could be changed would be none.
    if (known?.round === round && known.attempt >= attempt) return;
    this.#pledges.set(from, { round, attempt, commitment, nonce: null });
    if (round !== this.#round) return;
    if (attempt > this.#attempt) await this.#begin();
    else await this.#advance();
  }

  async #hearNonce(word: Word, from: string): Promise<void> {
    const pledge = this.#pledges.get(from);
    if (!isHash(word.nonce) || pledge === undefined) return;
    if (pledge.round !== word.round || pledge.attempt !== word.attempt) return;
    pledge.nonce ??= word.nonce;
    await this.#advance();
  }

  /** Show our number once everybody has pledged theirs; make the code once all are known. */
  async #advance(): Promise<void> {
    const roster = this.#environment.roster();
    if (roster === null || this.#round === "" || this.code !== null) return;
    const pledges = roster.others.map(({ code }) => this.#pledges.get(code));
    const isOfNow = (pledge?: Pledge): boolean =>
      pledge?.round === this.#round && pledge.attempt === this.#attempt;
    if (!pledges.every(isOfNow)) return;
    if (!this.#hasShown) {
      this.#hasShown = true;
      this.#tellNonce();
    }
    const shown = [`${roster.me.code} ${roster.me.fingerprint} ${this.#nonce}`];
    for (const other of roster.others) {
      const pledge = this.#pledges.get(other.code);
      if (!pledge?.nonce) return;
      const kept = await commitmentOf(this.#round, this.#attempt, other, pledge.nonce);
      if (kept !== pledge.commitment) return this.#break();
      shown.push(`${other.code} ${other.fingerprint} ${pledge.nonce}`);
    }
    this.code = spoken(await digest("code", [this.#round, ...shown.sort()]));
    this.#environment.changed();
  }

  #break(): void {
    this.isBroken = true;
    this.code = null;
    this.#environment.changed();
  }

  #tellCommitment(): void {
    this.#environment.tell({
      type: "code.commitment",
      round: this.#round,
      attempt: this.#attempt,
      commitment: this.#commitment,
    });
  }

  #tellNonce(): void {
    this.#environment.tell({
      type: "code.nonce",
      round: this.#round,
      attempt: this.#attempt,
      nonce: this.#nonce,
    });
  }
}

function commitmentOf(
  round: string,
  attempt: number,
  { code, fingerprint }: Member,
  nonce: string,
): Promise<string> {
  return digest("commitment", [round, String(attempt), code, fingerprint, nonce]);
}

function isAttempt(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) <= MOST_ATTEMPTS;
}

function isHash(value: unknown): value is string {
  return typeof value === "string" && HASH.test(value);
}
