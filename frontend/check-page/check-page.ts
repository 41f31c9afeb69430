/* <check-page>: the device check by itself, and its result; for a guest it is sent to the practice. */
import { part, sentence, write } from "../call-stage/parts.ts";
import type { DeviceCheck } from "../device-check/device-check.ts";
import type { Api } from "../lib/api.ts";
import { type CheckResult, lightOf } from "../lib/check.ts";
import type { Kept } from "../lib/kept.ts";
import type { LocalMedia } from "../lib/media.ts";

export class CheckPage extends HTMLElement {
  #api: Api | null = null;
  #media: LocalMedia | null = null;
  #result: CheckResult | null = null;

  start(media: LocalMedia, api: Api, kept: Kept): void {
    this.#api = api;
    this.#media = media;
    this.#check.start(media, api);
    this.#check.addEventListener("check-done", () => this.#conclude());
    part(this, "result").addEventListener("click", ({ target }) => {
      const button =
        target instanceof Element ? target.closest<HTMLElement>("[data-action]") : null;
      if (button?.dataset.action === "again") this.#begin();
      if (button?.dataset.action === "send") void this.#send();
    });
    void this.#check.enter(kept);
  }

  get #check(): DeviceCheck {
    return this.querySelector("device-check") as DeviceCheck;
  }

  #begin(): void {
    part(this, "result").hidden = true;
    this.#check.hidden = false;
    void this.#check.restart().then(() => this.#check.querySelector("h1")?.focus());
  }

  #conclude(): void {
    const result = this.#check.result;
    this.#result = result; // before the devices are released, which ends what worked
    this.#check.leave();
    this.#media?.release();
    this.#check.hidden = true;
    const light = lightOf(result);
    part(this, "light").dataset.light = light;
    const verdict = part(this, "verdict");
    write(verdict, sentence(verdict, light));
    this.#list(result);
    part(this, "result").hidden = false;
    verdict.focus({ preventScroll: true });
    scrollTo({ top: 0 });
    if (this.dataset.result) void this.#send();
  }

  #list(result: CheckResult): void {
    const words: Record<string, string> = {
      camera: word(result.camera),
      microphone: word(result.microphone),
      speaker: word(result.speaker),
      connection: word(result.path === "" ? null : result.path !== "none"),
    };
    if (result.slow && result.path !== "none") words.connection = "slow";
    const list = part(this, "list");
    for (const line of list.querySelectorAll<HTMLElement>("[data-finding]")) {
      const found = words[line.dataset.finding ?? ""] ?? "untried";
      line.dataset.word = found;
      const strong = line.querySelector<HTMLElement>("strong");
      if (strong) write(strong, sentence(list, found));
    }
  }

  async #send(): Promise<void> {
    const told = part(this, "told");
    const button = this.querySelector<HTMLElement>('[data-action="send"]');
    write(told, sentence(told, "sending"));
    const answer = await this.#api?.post(this.dataset.result ?? "", this.#result);
    write(told, sentence(told, answer?.ok ? "sent" : "unsent"));
    if (button) button.hidden = answer?.ok === true;
  }
}

function word(works: boolean | null): string {
  return works === null ? "untried" : works ? "works" : "fails";
}
