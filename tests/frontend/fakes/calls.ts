/* Calls as the server would tell them, and a server that answers what the test puts in. */
import type { Answer, Api } from "../../../frontend/lib/api.ts";
import type { CallState } from "../../../frontend/lib/protocol.ts";

export const DOCTOR = "profprof2345";
export const PATIENT = "gastgast2345";

export function callState(changes: Partial<CallState> = {}): CallState {
  return {
    code: "callcall2345",
    state: "ringing",
    outcome: "",
    me: DOCTOR,
    polite: false,
    initiated_by_me: true,
    subject_url: "/patients/termin234567/",
    participants: [
      {
        code: DOCTOR,
        name: "Dr. med. Anna Berger",
        other_name: "",
        mode: "",
        role: "professional",
        joined: true,
      },
      {
        code: PATIENT,
        name: "Erika Mustermann",
        other_name: "",
        mode: "",
        role: "patient",
        joined: false,
      },
    ],
    rang_at: "2026-11-22T09:00:00Z",
    accepted_at: null,
    ended_at: null,
    now: "2026-11-22T09:00:00Z",
    ring_seconds: 45,
    ice_servers: [],
    ...changes,
  };
}

export const active: Partial<CallState> = {
  state: "active",
  accepted_at: "2026-11-22T09:00:05Z",
  now: "2026-11-22T09:00:05Z",
};

export const ended: Partial<CallState> = {
  ...active,
  state: "ended",
  outcome: "completed",
  ended_at: "2026-11-22T09:01:10Z",
};

/** The same call from the patient's side. */
export const forPatient: Partial<CallState> = {
  me: PATIENT,
  polite: true,
  initiated_by_me: false,
  subject_url: "",
};

export class FakeServer implements Api {
  readonly asked: { url: string; body: unknown }[] = [];
  readonly answers = new Map<string, Answer[]>();
  /** Until this is done nothing is answered. */
  busy: Promise<void> = Promise.resolve();

  /** The next answer to `url`. */
  will(url: string, status: number, data: unknown): void {
    const list = this.answers.get(url) ?? [];
    list.push({ status, ok: status >= 200 && status < 300, data });
    this.answers.set(url, list);
  }

  get urls(): string[] {
    return this.asked.map(({ url }) => url);
  }

  get(url: string): Promise<Answer> {
    return this.#answer(url, undefined);
  }

  post(url: string, body?: unknown): Promise<Answer> {
    return this.#answer(url, body);
  }

  async #answer(url: string, body: unknown): Promise<Answer> {
    this.asked.push({ url, body });
    await this.busy;
    return this.answers.get(url)?.shift() ?? { status: 404, ok: false, data: null };
  }
}
