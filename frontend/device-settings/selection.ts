/* Which camera, microphone and loudspeaker are marked in the settings, and what is said about each. */

import { part, sentence, write } from "../call-stage/parts.ts";
import { fillOptions } from "../devices/options.ts";
import {
  devicesOf,
  deviceToUse,
  KINDS,
  type Kind,
  type Listed,
  preferDevice,
} from "../lib/device-list.ts";

const LONGEST_NAME = 200;

export class Selection {
  readonly #root: HTMLElement;
  readonly #chosen: Partial<Record<Kind, string>> = {};
  /** Changed by hand since the page came. */
  readonly #touched = new Set<Kind>();
  readonly #names = new Map<string, string>();

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  /** "" = what the system or the browser takes by itself. */
  chosen(kind: Kind): string {
    return this.#chosen[kind] ?? "";
  }

  choose(kind: Kind): void {
    this.#chosen[kind] = this.#select(kind).value;
    this.#touched.add(kind);
    this.#writeName(kind);
  }

  /** Show what is plugged in. Devices without names are not allowed yet: nobody could choose. */
  async list(devices: Listed[], canChoose: (kind: Kind) => boolean): Promise<boolean> {
    for (const { id, label } of devices) if (label) this.#names.set(id, label);
    let isAny = false;
    for (const kind of KINDS) {
      const found = devicesOf(kind, devices).filter(({ label }) => label !== "");
      const isOffered = found.length > 0 && canChoose(kind);
      part(this.#root, `${kind}-choice`).hidden = !isOffered;
      isAny ||= isOffered;
      if (isOffered) await this.#offer(kind, found);
    }
    return isAny;
  }

  /** What is in use instead of what was chosen: "" where there is nothing to say. */
  explain(kind: Kind, used: string | null): void {
    const note = part(this.#root, `${kind}-note`);
    const id = this.chosen(kind);
    const isOther = id !== "" && used !== null && used !== id;
    const text = isOther ? sentence(note, "other").replace("{was}", this.#nameOf(kind, id)) : "";
    write(note, text);
    note.hidden = text === "";
  }

  /** This browser remembers the ids; the names go out with the form. Where nothing was chosen and the
      device of that name is elsewhere, the account goes on remembering it. */
  remember(): void {
    for (const kind of KINDS) {
      const id = this.#chosen[kind];
      if (id || this.#touched.has(kind)) preferDevice(kind, id ?? "");
    }
  }

  async #offer(kind: Kind, found: Listed[]): Promise<void> {
    const select = this.#select(kind);
    // Until somebody chooses: the names may be known only now.
    const id = this.#chosen[kind] ?? (await deviceToUse(kind, this.#field(kind).value));
    this.#chosen[kind] = id;
    const first: [string, string][] = [[sentence(select, "default"), ""]];
    if (id !== "" && !found.some((device) => device.id === id))
      first.push([sentence(select, "away").replace("{name}", this.#nameOf(kind, id)), id]);
    fillOptions(select, found, "", first);
    select.value = id;
    if (id !== "") this.#writeName(kind);
  }

  #writeName(kind: Kind): void {
    const id = this.chosen(kind);
    this.#field(kind).value = id && this.#nameOf(kind, id).slice(0, LONGEST_NAME);
  }

  #nameOf(kind: Kind, id: string): string {
    return (
      this.#names.get(id) || this.#field(kind).value || sentence(this.#select(kind), "nameless")
    );
  }

  /** What the account remembers: the name. */
  #field(kind: Kind): HTMLInputElement {
    return this.#root.querySelector(`input[name="${kind}"]`) as HTMLInputElement;
  }

  #select(kind: Kind): HTMLSelectElement {
    return part(this.#root, `${kind}-choice`).querySelector("select") as HTMLSelectElement;
  }
}
