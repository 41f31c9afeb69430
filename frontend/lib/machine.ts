/* The call as this page knows it. The server decides; we only never go back, and never follow
   the news of a call that is not ours. idle -> outgoing | incoming -> active -> ended -> idle */
import { textOf } from "./api.ts";
import { secondsBetween } from "./clock.ts";
import type { CallOutcome, CallState, Participant } from "./protocol.ts";

export type Phase = "idle" | "outgoing" | "incoming" | "active" | "ended" | "elsewhere";

/** How it ends where this page ends it. */
export type Outcome = Exclude<CallOutcome, "" | "missed">;

/** Why it is over; "busy" and "offline" are refusals at the start, "unsent" never left us. */
export interface Ending {
  reason: Exclude<CallOutcome, ""> | "busy" | "offline" | "unsent" | "failed";
  seconds: number;
  /** The server's own sentence, where it sent one. */
  message: string;
}

const RANK: Record<CallState["state"], number> = { ringing: 0, active: 1, ended: 2 };

export class CallMachine {
  phase: Phase = "idle";
  call: CallState | null = null;
  ending: Ending | null = null;
  otherName = "";
  /** Calls that are over for us, with our code there: who is let in again has a new one. */
  readonly #closed = new Set<string>();

  get isBusy(): boolean {
    return ["outgoing", "incoming", "active"].includes(this.phase);
  }

  /** Here or in another window of the same person. */
  get isInCall(): boolean {
    return this.isBusy || this.phase === "elsewhere";
  }

  /** We ring somebody; the server has not answered yet. */
  begin(name: string): void {
    this.phase = "outgoing";
    this.call = null;
    this.ending = null;
    this.otherName = name;
  }

  /** The ring did not come about; `answer` is what the server said, if it said anything. */
  refuse(answer: unknown): void {
    const error = textOf(answer, "error");
    const reason = error === "busy" || error === "offline" ? error : "unsent";
    this.phase = "ended";
    this.ending = { reason, seconds: 0, message: textOf(answer, "message") };
  }

  /** Follow `call`; false where it is old news or somebody else's. What runs in another window
      stays there unless it is taken `here`. */
  apply(call: CallState, here = this.phase !== "elsewhere"): boolean {
    if (!this.#isOurs(call)) return false;
    this.call = call;
    this.otherName = nameOfOthers(call) || this.otherName;
    if (call.state === "ended" && !here) this.close();
    else if (call.state === "ended") this.#end(call);
    else if (!here) this.phase = "elsewhere";
    else if (call.state === "active") this.phase = "active";
    else this.phase = call.initiated_by_me ? "outgoing" : "incoming";
    return true;
  }

  /** The call runs in another window of the same person. */
  leaveToOther(call: CallState): void {
    this.call = call;
    this.otherName = nameOfOthers(call);
    this.phase = "elsewhere";
  }

  /** Hung up here; the server learns of it in its own time. */
  endNow(outcome: Outcome, now: string): void {
    const call = this.call;
    if (call === null) this.close();
    else this.apply({ ...call, state: "ended", outcome, ended_at: now });
  }

  close(): void {
    if (this.call) this.#closed.add(keyOf(this.call));
    this.phase = "idle";
    this.call = null;
    this.ending = null;
  }

  #isOurs(call: CallState): boolean {
    if (this.#closed.has(keyOf(call))) return false;
    if (this.call !== null) {
      const isNews = this.call.code === call.code && RANK[call.state] >= RANK[this.call.state];
      return isNews && this.#isOurSeat(call);
    }
    if (this.phase === "outgoing") return call.initiated_by_me && call.state !== "ended";
    return call.state !== "ended";
  }

  /** Who we are in a call is part of its security code: it stays as it was first told, and whoever
      has another place begins anew. An end is an end, and another window's call shows no code here. */
  #isOurSeat(call: CallState): boolean {
    const hasNoCode = call.state === "ended" || this.phase === "elsewhere";
    return hasNoCode || call.me === this.call?.me;
  }

  #end(call: CallState): void {
    this.phase = "ended";
    this.ending = {
      reason: call.outcome || "failed",
      seconds: secondsBetween(call.accepted_at, call.ended_at),
      message: "",
    };
  }
}

function keyOf({ code, me }: CallState): string {
  return `${code} ${me}`;
}

/** Whether there are several others in a running call. */
export function isGroupCall({ phase, call }: Pick<CallMachine, "phase" | "call">): boolean {
  return phase === "active" && call !== null && call.participants.length > 2;
}

/** The names of everybody but us. */
export function nameOfOthers(call: CallState): string {
  return others(call)
    .map(({ name }) => name)
    .join(", ");
}

/** Under which other names than the invited ones they signed in; "" as a rule. */
export function otherNames(call: CallState): string {
  return others(call)
    .map(({ other_name }) => other_name)
    .filter(Boolean)
    .join(", ");
}

function others(call: CallState): Participant[] {
  return call.participants.filter(({ code }) => code !== call.me);
}

/** First letters of the first and last name; titles such as "Dr. med." do not count. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const plain = words.filter((word) => !word.endsWith("."));
  const chosen = plain.length > 0 ? plain : words;
  const ends = chosen.length > 1 ? [chosen[0], chosen[chosen.length - 1]] : chosen;
  return ends
    .map((word) => word?.[0] ?? "")
    .join("")
    .toUpperCase();
}
