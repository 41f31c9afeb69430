/* What the server says about a call that is over (CallSummary of docs/protocol.md). */
import type { Api } from "./api.ts";
import type { Clock } from "./clock.ts";

export interface NextGuest {
  name: string;
  /** Another confirmed name than the invited one; "" as a rule. */
  other_name: string;
  since: string | null;
  call_url: string;
}

export interface CallSummary {
  seconds: number;
  mode: "" | "direct" | "relayed";
  may_rate: boolean;
  /** The rest is for professionals alone. */
  appointment_url?: string;
  follow_up_url?: string;
  waiting?: number;
  next?: NextGuest | null;
}

const TRIES = 5;
const PAUSE = 400;
const RUNNING = 409;

/** The summary, as soon as the server has heard of the end; null where it has none for us. */
export async function fetchSummary(
  api: Api,
  clock: Clock,
  url: string,
): Promise<CallSummary | null> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const { ok, status, data } = await api.get(url);
    if (ok && isSummary(data)) return data;
    // Our hang-up may still be on its way, and the network away for a moment.
    if (status !== RUNNING && status !== 0) return null;
    await new Promise<void>((done) => clock.later(tries * PAUSE, done));
  }
  return null;
}

/** Whether the rating has been counted, now or before. */
export async function sendRating(api: Api, url: string, score: number): Promise<boolean> {
  const { ok, status } = await api.post(url, { score });
  return ok || status === RUNNING;
}

function isSummary(value: unknown): value is CallSummary {
  if (typeof value !== "object" || value === null) return false;
  const { seconds, mode } = value as Record<string, unknown>;
  return typeof seconds === "number" && typeof mode === "string";
}
