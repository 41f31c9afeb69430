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

export function createApi(request: typeof fetch, token: () => string): Api {
  const ask = async (url: string, init: RequestInit): Promise<Answer> => {
    try {
      const response = await request(url, {
        ...init,
        credentials: "same-origin",
        signal: AbortSignal.timeout(PATIENCE),
      });
      const data: unknown = await response.json().catch(() => null);
      return { status: response.status, ok: response.ok, data };
    } catch {
      return { status: 0, ok: false, data: null };
    }
  };
  return {
    get: (url) => ask(url, { headers: { Accept: "application/json" } }),
    post: (url, body = {}) =>
      ask(url, {
        method: "POST",
        body: JSON.stringify(body),
        // The last words of a page ("hang up") outlive it. keepalive caps a body at 64 KB.
        keepalive: true,
        headers: {
          Accept: "application/json",
          "Content-Type": "application/json",
          "X-CSRFToken": token(),
        },
      }),
  };
}

/** The end of a call must arrive, also over a network that comes and goes. */
export async function postUntilHeard(api: Api, clock: Clock, url: string): Promise<void> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const { status } = await api.post(url);
    if (status !== 0 && status < 500) return;
    await new Promise<void>((done) => clock.later(tries * 1000, done));
  }
}

/** The text under `name` of an answer such as {error, message}; "" where there is none. */
export function textOf(data: unknown, name: string): string {
  if (typeof data !== "object" || data === null) return "";
  const value = (data as Record<string, unknown>)[name];
  return typeof value === "string" ? value : "";
}
