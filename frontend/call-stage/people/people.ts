/* "Personen": who is in the call, as what; said to screen readers when it changes. The host finds
   a button beside each guest that takes them out of the call, after a second press. */
import { postUntilHeard } from "../../lib/api.ts";
import { systemClock } from "../../lib/clock.ts";
import type { Phase } from "../../lib/machine.ts";
import type { CallState, Participant } from "../../lib/protocol.ts";
import type { CallSession } from "../../lib/session.ts";
import { pageApi } from "../../page.ts";
import type { StageFeature } from "../features.ts";
import { part, sentence, write } from "../parts.ts";

const SOON = 150;

export class People implements StageFeature {
  readonly #stage: HTMLElement;
  readonly #session: CallSession;
  readonly #list: HTMLElement;
  readonly #template: HTMLTemplateElement;
  readonly #texts: HTMLElement;
  #shown = "";
  #known: Participant[] | null = null;

  constructor(stage: HTMLElement, session: CallSession) {
    this.#stage = stage;
    this.#session = session;
    this.#list = part(stage, "people-list");
    this.#template = part<HTMLTemplateElement & HTMLElement>(stage, "person-template");
    this.#texts = part(stage, "tiles");
    this.#list.addEventListener("click", ({ target }) => this.#clicked(target));
  }

  render(): void {
    const { call, phase } = this.#session.machine;
    if (call === null || phase !== "active") return;
    const shown = JSON.stringify([call.participants, call.me]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#list.replaceChildren(...call.participants.map((person) => this.#row(person, call)));
    for (const count of this.#stage.querySelectorAll<HTMLElement>("[data-people-count]"))
      write(count, String(call.participants.length));
    this.#announce(call);
  }

  turned(phase: Phase): void {
    if (phase === "active") return;
    this.#shown = "";
    this.#known = null;
  }

  #row(person: Participant, call: CallState): Element {
    const copy = this.#template.content.cloneNode(true) as DocumentFragment;
    const row = copy.firstElementChild as HTMLElement;
    const isMe = person.code === call.me;
    row.dataset.person = person.code;
    write(part(row, "person-name"), person.name);
    write(part(row, "person-role"), sentence(this.#texts, `role-${person.role}`));
    part(row, "person-me").hidden = !isMe;
    // With one other person there is "Auflegen".
    const mayRemove = call.initiated_by_me && !isMe && call.participants.length > 2;
    const remove = part(row, "person-remove");
    remove.hidden = !mayRemove;
    // Whoever hears the buttons one by one hears whom each of them removes.
    remove.setAttribute(
      "aria-label",
      sentence(remove, "of").replace("{name}", () => person.name),
    );
    return row;
  }

  /** Who came and who went; at the beginning everybody knows whom they talk to. */
  #announce({ participants, me }: CallState): void {
    const before = this.#known;
    this.#known = participants;
    if (before === null) return;
    const came = participants.filter(({ code }) => code !== me && !has(before, code));
    const went = before.filter(({ code }) => code !== me && !has(participants, code));
    const sentences = [
      ...came.map((person) => `${person.name}: ${sentence(this.#texts, "came")}`),
      ...went.map((person) => `${person.name}: ${sentence(this.#texts, "went")}`),
    ];
    setTimeout(() => write(part(this.#stage, "people-news"), sentences.join(" ")), SOON);
  }

  #clicked(target: EventTarget | null): void {
    const button =
      target instanceof Element ? target.closest<HTMLElement>("[data-remove-step]") : null;
    const row = button?.closest<HTMLElement>("[data-person]");
    if (!button || !row) return;
    const isAsked = button.dataset.removeStep === "ask";
    part(row, "person-remove").hidden = isAsked;
    part(row, "person-sure").hidden = !isAsked;
    row.querySelector<HTMLElement>(`[data-remove-step="${isAsked ? "no" : "ask"}"]`)?.focus();
    if (button.dataset.removeStep === "yes") void this.#remove(row.dataset.person ?? "");
  }

  async #remove(code: string): Promise<void> {
    const base = `${this.#stage.dataset.calls ?? ""}${this.#session.machine.call?.code}/`;
    const url = `${base}participants/${code}/removal/`;
    await postUntilHeard(pageApi(), systemClock, url);
    await this.#session.catchUp();
  }
}

function has(people: Participant[], code: string): boolean {
  return people.some((person) => person.code === code);
}
