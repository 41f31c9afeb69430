/* The third panel: by which way a connection comes about, and how fast it is. Never a hurdle: one
   can go on while it measures, which ends the measuring. */
import { part, sentence, write } from "../call-stage/parts.ts";
import type { Api } from "../lib/api.ts";
import { ENOUGH, measureBandwidth } from "../lib/bandwidth.ts";
import type { CheckResult } from "../lib/check.ts";
import { systemClock } from "../lib/clock.ts";
import { probePath } from "../lib/path.ts";
import { showState } from "./show-state.ts";

/** More than three MiB can tell apart. */
const PLENTY = 50_000;

interface Sources {
  api: Api;
  speedUrl: string;
  /** "" on the open page, which gets no relays. */
  relaysUrl: string;
}

export class ConnectionPanel {
  result: Pick<CheckResult, "path" | "slow"> = { path: "", slow: null };
  readonly #root: HTMLElement;
  readonly #sources: Sources;
  #measuring: AbortController | null = null;

  constructor(root: HTMLElement, sources: Sources) {
    this.#root = root;
    this.#sources = sources;
  }

  enter(): void {
    if (this.result.path === "") void this.measure();
  }

  leave(): void {
    this.#measuring?.abort();
    this.#measuring = null;
  }

  forget(): void {
    this.leave();
    this.result = { path: "", slow: null };
  }

  async measure(): Promise<void> {
    this.leave();
    const measuring = new AbortController();
    this.#measuring = measuring;
    this.result = { path: "", slow: null };
    for (const name of ["path", "rate", "slow-advice", "none-advice"])
      part(this.#root, name).hidden = true;
    showState(this.#root, "running");
    const [path, rate] = await Promise.all([
      this.#relays().then((relays) => {
        const connect = (configuration: RTCConfiguration) => new RTCPeerConnection(configuration);
        return probePath(connect, relays, systemClock, measuring.signal);
      }),
      measureBandwidth(this.#sources.speedUrl, measuring.signal),
    ]);
    if (measuring.signal.aborted) return;
    this.result = { path, slow: rate === null ? null : rate < ENOUGH };
    this.#tell(rate);
  }

  async #relays(): Promise<RTCIceServer[]> {
    if (this.#sources.relaysUrl === "") return [];
    const { data } = await this.#sources.api.get(this.#sources.relaysUrl);
    const found = (data as { iceServers?: unknown } | null)?.iceServers;
    return Array.isArray(found) ? (found as RTCIceServer[]) : [];
  }

  #tell(rate: number | null): void {
    const { path, slow } = this.result;
    this.#say("path", path, {});
    const word = rate === null ? "unmeasured" : slow ? "slow" : "good";
    this.#say("rate", word, { rate: rate === null ? "" : inWords(rate) });
    part(this.#root, "slow-advice").hidden = !slow || path === "none";
    part(this.#root, "none-advice").hidden = path !== "none";
    showState(this.#root, slow || path === "none" ? "poor" : "done");
  }

  #say(name: string, word: string, values: Record<string, string>): void {
    const line = part(this.#root, name);
    line.dataset.finding = word;
    line.hidden = false;
    const text = sentence(line, word).replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? "");
    write(part(this.#root, `${name}-text`), text);
  }
}

/** Rounded down, so that what is called little never reads like enough. */
function inWords(rate: number): string {
  const step = rate < 10_000 ? 50 : 1_000;
  const { format } = new Intl.NumberFormat(document.documentElement.lang);
  return rate > PLENTY ? `> ${format(PLENTY)}` : format(Math.floor(rate / step) * step);
}
