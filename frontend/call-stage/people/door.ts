/* The host's side of the door: who waits to be let in, seen without a sound and without taking the
   focus (DEC-17), and who was invited and has not come yet. The server tells; this shows. */
import { type Api, textOf } from "../../lib/api.ts";
import type { Phase } from "../../lib/machine.ts";
import type { CallSession } from "../../lib/session.ts";
import { showToast } from "../../toasts/toasts.ts";
import type { StageFeature } from "../features.ts";
import { part, sentence, write } from "../parts.ts";
import { PersonForm } from "./person-form.ts";
import { type CallPeople, isCallPeople, type Outsider } from "./protocol.ts";

const NEWS = ["visit-changed", "presence-changed", "call-changed", "call-accepted", "catch-up"];
const SOON = 150;

export class Door implements StageFeature {
  readonly #stage: HTMLElement;
  readonly #session: CallSession;
  readonly #api: Api;
  readonly #form: PersonForm;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #asked = 0;
  #shown = "";
  #announced = "";

  constructor(stage: HTMLElement, session: CallSession, api: Api) {
    this.#stage = stage;
    this.#session = session;
    this.#api = api;
    this.#form = new PersonForm(stage, (body) => this.#add(body));
    for (const news of NEWS) document.body.addEventListener(news, () => this.#lookSoon());
    for (const list of [part(stage, "door"), part(stage, "invited")])
      list.addEventListener("click", ({ target }) => this.#clicked(target));
  }

  turned(phase: Phase): void {
    this.#show(null);
    if (phase === "active") this.#lookSoon();
    else this.#form.clear();
  }

  get #url(): string {
    const { call, phase } = this.#session.machine;
    const isHeld = phase === "active" && call?.initiated_by_me === true;
    return isHeld ? `${this.#stage.dataset.calls ?? ""}${call.code}/people/` : "";
  }

  #lookSoon(): void {
    if (this.#timer !== null || !this.#url) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#look();
    }, SOON);
  }

  async #look(): Promise<void> {
    const url = this.#url;
    if (!url) return;
    this.#asked += 1;
    const mine = this.#asked;
    const { ok, data } = await this.#api.get(url);
    if (ok && mine === this.#asked && url === this.#url && isCallPeople(data)) this.#show(data);
  }

  async #add(body: Record<string, unknown>): Promise<Record<string, string> | null> {
    const url = this.#url;
    const { ok, status, data } = await this.#api.post(url, body);
    if (status === 422) return ((data as { errors?: unknown }).errors ?? {}) as never;
    if (ok && isCallPeople(data)) {
      this.#show(data);
      part(this.#stage, "invited").querySelector<HTMLElement>("li:last-child button")?.focus();
      return null;
    }
    this.#complain(data);
    return {};
  }

  #show(people: CallPeople | null): void {
    const shown = JSON.stringify(people);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const { door = [], invited = [] } = people ?? {};
    this.#fill("door", "knock-template", door);
    this.#fill("invited", "invited-template", invited);
    part(this.#stage, "invited-block").hidden = invited.length === 0;
    part(this.#stage, "people-full").hidden = people === null || people.free > 0;
    part(this.#stage, "person-mobile").hidden = people?.sms === false;
    this.#stage.toggleAttribute("data-door", door.length > 0);
    for (const count of this.#stage.querySelectorAll<HTMLElement>("[data-door-count]")) {
      write(count, String(door.length));
      count.hidden = door.length === 0;
    }
    this.#announce(door);
  }

  #fill(name: string, template: string, people: Outsider[]): void {
    const list = part(this.#stage, name);
    const source = part<HTMLTemplateElement & HTMLElement>(this.#stage, template);
    const kept = new Map(
      [...list.children].map((row) => [(row as HTMLElement).dataset.guest, row]),
    );
    // Rows stay the same elements, so that nobody loses the focus because somebody else came.
    list.replaceChildren(
      ...people.map((person) => {
        const row = kept.get(person.guest) ?? this.#row(source, person);
        this.#name(row, person);
        return row;
      }),
    );
    list.hidden = people.length === 0;
  }

  #row(source: HTMLTemplateElement, person: Outsider): Element {
    const copy = source.content.cloneNode(true) as DocumentFragment;
    const row = copy.firstElementChild as HTMLElement;
    row.dataset.guest = person.guest;
    const role = sentence(part(this.#stage, "tiles"), `role-${person.role}`);
    write(part(row, "outsider-role"), role);
    const copyButton = row.querySelector<HTMLElement>("[data-copy]");
    if (copyButton) copyButton.dataset.copy = person.link ?? "";
    return row;
  }

  /** The invited name counts; another one that they gave is shown beside it. */
  #name(row: Element, { name, other_name }: Outsider): void {
    const gave = sentence(part(this.#stage, "tiles"), "gave");
    write(part(row, "outsider-name"), other_name ? `${name} (${gave} ${other_name})` : name);
    for (const button of row.querySelectorAll<HTMLElement>("button[data-step]"))
      button.setAttribute("aria-label", `${button.textContent?.trim()}: ${name}`);
  }

  /** A quiet word for whoever cannot see the counter; polite, so that nothing is interrupted. */
  #announce(door: Outsider[]): void {
    const names = door.map(({ name }) => name).join(", ");
    if (names === this.#announced) return;
    this.#announced = names;
    const text = names ? `${names}: ${sentence(part(this.#stage, "tiles"), "knocks")}` : "";
    write(part(this.#stage, "door-news"), text);
  }

  #clicked(target: EventTarget | null): void {
    const button = target instanceof Element ? target.closest<HTMLElement>("[data-step]") : null;
    const guest = button?.closest<HTMLElement>("[data-guest]")?.dataset.guest;
    if (button?.dataset.step && guest) void this.#step(button, `${guest}/${button.dataset.step}/`);
  }

  async #step(button: HTMLElement, step: string): Promise<void> {
    if (button.hasAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    const { ok, data } = await this.#api.post(`${this.#url}${step}`);
    button.removeAttribute("aria-busy");
    if (ok && isCallPeople(data)) this.#show(data);
    else this.#complain(data);
    if (!ok) await this.#look();
    // The button is gone with its row: the keyboard goes on from the stage.
    if (document.activeElement === document.body)
      part(this.#stage, "view").focus({ preventScroll: true });
  }

  #complain(data: unknown): void {
    const texts = document.getElementById("toasts")?.dataset;
    showToast(textOf(data, "message") || (texts?.textError ?? ""), "error");
  }
}
