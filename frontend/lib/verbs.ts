/* What a page asks the server to do with a call. Signed-in people and guests differ in the
   address only. */
import { type Answer, type Api, postUntilHeard } from "./api.ts";
import type { Clock } from "./clock.ts";
import { type CallState, type Description, isCallState } from "./protocol.ts";

export interface Reply {
  /** The call as it stands now; null where the server refused or did not answer. */
  call: CallState | null;
  data: unknown;
  /** No reply came: the server may have done it all the same. */
  wasLost: boolean;
}

export class CallVerbs {
  readonly #api: Api;
  readonly #clock: Clock;
  readonly #base: string;

  constructor(api: Api, clock: Clock, base: string) {
    this.#api = api;
    this.#clock = clock;
    this.#base = base;
  }

  async start(url: string, offer: Description | null): Promise<Reply> {
    return reply(await this.#api.post(url, offer ? { offer } : {}));
  }

  async accept(code: string, answer: Description | null): Promise<Reply> {
    return reply(
      await this.#api.post(`${this.#base}${code}/acceptance/`, answer ? { answer } : {}),
    );
  }

  decline(code: string): Promise<boolean> {
    return postUntilHeard(this.#api, this.#clock, `${this.#base}${code}/refusal/`);
  }

  end(code: string): Promise<boolean> {
    return postUntilHeard(this.#api, this.#clock, `${this.#base}${code}/end/`);
  }

  /** How our picture and sound travel, as measured here. */
  async tellMode(code: string, mode: "direct" | "relayed"): Promise<boolean> {
    return (await this.#api.post(`${this.#base}${code}/mode/`, { mode })).ok;
  }

  async look(code: string): Promise<CallState | null> {
    return reply(await this.#api.get(`${this.#base}${code}/`)).call;
  }
}

function reply({ ok, status, data }: Answer): Reply {
  return { call: ok && isCallState(data) ? data : null, data, wasLost: status === 0 };
}
