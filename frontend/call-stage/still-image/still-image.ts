/* "Bildschirmfoto" (DEC-19): the other side is asked first and told afterwards; the image goes from
   their picture on this page into a file on this device, and nowhere else. */
import { systemClock } from "../../lib/clock.ts";
import type { Phase } from "../../lib/machine.ts";
import { type Answer, Permission } from "../../lib/permission.ts";
import type { CallSession } from "../../lib/session.ts";
import type { StageFeature } from "../features.ts";
import type { Notices } from "../notices.ts";
import { part, sentence, write } from "../parts.ts";
import { drawPicture, saveFile } from "./picture-file.ts";

export class StillImage implements StageFeature {
  readonly actions = {
    "still-image": () => void this.#take(),
    "allow-image": () => this.#permission.answer(true),
    "decline-image": () => this.#permission.answer(false),
  };
  readonly #stage: HTMLElement;
  readonly #session: CallSession;
  readonly #notices: Notices;
  readonly #permission: Permission;

  constructor(stage: HTMLElement, session: CallSession, notices: Notices) {
    this.#stage = stage;
    this.#session = session;
    this.#notices = notices;
    this.#permission = new Permission({
      clock: systemClock,
      words: session.words,
      isOffered: this.#card !== null,
      asked: (by) => this.#show(by),
      taken: (by) => notices.say("image-of-you", { name: this.#name(by) }),
    });
  }

  turned(phase: Phase): void {
    if (phase !== "active") this.#permission.end();
  }

  /** Absent where the operator has switched the function off. */
  get #card(): HTMLElement | null {
    return this.#stage.querySelector<HTMLElement>('[data-part="image-ask"]');
  }

  async #take(): Promise<void> {
    const members = this.#session.room?.members ?? [];
    const [code, peer] = members.length === 1 ? (members[0] ?? []) : [];
    if (code === undefined || this.#session.machine.phase !== "active") return;
    if (peer?.care.health !== "connected" || !peer.devices.camera)
      return this.#say("no-picture", code);
    const asking = this.#permission.ask(code);
    if (this.#permission.isAsking) this.#say("image-asked", code, true);
    const answer = await asking;
    this.#notices.takeBack("image-asked");
    const isAlone = this.#session.room?.members.every(([other]) => other === code) === true;
    if (answer === "allowed" && isAlone) await this.#save(code);
    else if (answer !== "allowed" && this.#session.machine.phase === "active")
      this.#say(SAID[answer], code);
  }

  async #save(code: string): Promise<void> {
    const file = await drawPicture(part<HTMLVideoElement>(this.#stage, "remote"));
    if (file === null) return this.#say("no-picture", code);
    this.#permission.tellTaken(code);
    saveFile(file, `${sentence(part(this.#stage, "notices"), "image-file")}-${stamp()}.png`);
    this.#say("image-saved", code);
  }

  #show(by: string | null): void {
    const card = this.#card;
    if (card === null) return;
    write(part(card, "image-asker"), by === null ? "" : this.#name(by));
    card.hidden = by === null;
  }

  #say(key: string, code: string, lasting = false): void {
    this.#notices.say(key, { name: this.#name(code) }, lasting);
  }

  #name(code: string): string {
    const { call, otherName } = this.#session.machine;
    return call?.participants.find((one) => one.code === code)?.name || otherName;
  }
}

const SAID: Record<Exclude<Answer, "allowed">, string> = {
  declined: "image-declined",
  unanswered: "image-unanswered",
  unreachable: "image-unreachable",
  later: "image-later",
};

/** 2026-11-23-0915, in this device's time. */
function stamp(): string {
  const now = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000);
  return now.toISOString().slice(0, 16).replace("T", "-").replace(":", "");
}
