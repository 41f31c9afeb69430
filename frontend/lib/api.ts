/* Writes go over HTTP: JSON in, JSON out, the page's CSRF token along. Never rejects. */
import type { Clock } from "./clock.ts";

export interface Answer {
  /** 0 where no answer came: no network, or none in time. */
  status: number;
  ok: boolean;
  data: unknown;
}

export interface Api {
  get(url: string): Promise<Answer>;
  post(url: string, body?: unknown): Promise<Answer>;
}

const PATIENCE = 10_000;
const TRIES = 4;
const SIGNED_OUT = 401;
const FORBIDDEN = 403;
/** The server has understood, even where the answer is no: the call is over or was never ours. */
const HEARD = [404, 409, 410];

/** The token that goes with this page's cookie; a sign-in in another tab changes the cookie. */
export interface Token {
  value(): string;
  renew(): Promise<void>;
}

export function createApi(request: typeof fetch, token: Token): Api {
  const ask = async (url: string, init: RequestInit): Promise<Answer> => {
    try {
      const response = await request(url, {
        ...init,
        credentials: "same-origin",
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
      });
      // Our JSON addresses redirect to one place only, and fetch must not follow: it would find a page.
      if (response.type === "opaqueredirect") return { status: SIGNED_OUT, ok: false, data: null };
      const data: unknown = await response.json().catch(() => null);
      return { status: response.status, ok: response.ok, data };
    } catch {
      return { status: 0, ok: false, data: null };
    }
  };
  const write = (url: string, body: unknown): Promise<Answer> =>
    ask(url, {
      method: "POST",
      body: JSON.stringify(body),
      // The last words of a page ("hang up") outlive it. keepalive caps a body at 64 KB.
      keepalive: true,
      headers: {
        Accept: "application/json",
        "Content-Type": "application/json",
        "X-CSRFToken": token.value(),
      },
    });
  return {
    get: (url) => ask(url, { headers: { Accept: "application/json" } }),
    async post(url, body = {}) {
      const answer = await write(url, body);
      if (answer.status !== FORBIDDEN) return answer;
      await token.renew();
      return write(url, body);
    },
  };
}

/** The end of a call must arrive, also over a network that comes and goes; whether it did. */
export async function postUntilHeard(api: Api, clock: Clock, url: string): Promise<boolean> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const { ok, status } = await api.post(url);
    if (ok || HEARD.includes(status)) return true;
    if (status === SIGNED_OUT) return false;
    await new Promise<void>((done) => clock.later(tries * 1000, done));
  }
  return false;
}

/** The text under `name` of an answer such as {error, message}; "" where there is none. */
export function textOf(data: unknown, name: string): string {
  if (typeof data !== "object" || data === null) return "";
  const value = (data as Record<string, unknown>)[name];
  return typeof value === "string" ? value : "";
}
