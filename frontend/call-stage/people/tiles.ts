/* The others in a call of several, a tile for each. With one other person there are none: their
   picture fills the stage, as ever (view.ts). */
import { isGroupCall } from "../../lib/machine.ts";
import type { Participant } from "../../lib/protocol.ts";
import type { CallSession } from "../../lib/session.ts";
import type { StageFeature } from "../features.ts";
import { part } from "../parts.ts";
import { Tile } from "./tile.ts";

export class Tiles implements StageFeature {
  readonly actions = { sound: () => this.#unmute() };
  readonly #stage: HTMLElement;
  readonly #session: CallSession;
  readonly #list: HTMLElement;
  readonly #template: HTMLTemplateElement;
  readonly #tiles = new Map<string, Tile>();

  constructor(stage: HTMLElement, session: CallSession) {
    this.#stage = stage;
    this.#session = session;
    this.#list = part(stage, "tiles");
    this.#template = part<HTMLTemplateElement & HTMLElement>(stage, "tile-template");
  }

  render(): void {
    const people = this.#people();
    const peers = new Map(this.#session.room?.members ?? []);
    for (const [code, tile] of this.#tiles) {
      if (people.some((person) => person.code === code)) continue;
      tile.close();
      this.#tiles.delete(code);
    }
    for (const person of people) this.#tile(person).show(person, peers.get(person.code));
    this.#list.hidden = people.length === 0;
    this.#list.dataset.count = String(people.length);
    if (this.#isSilenced) part(this.#stage, "sound").hidden = false;
  }

  /** The professional first, then in the order in which they came. */
  #people(): Participant[] {
    const { machine } = this.#session;
    if (!isGroupCall(machine) || machine.call === null) return [];
    const { participants, me } = machine.call;
    return participants.filter(({ code }) => code !== me);
  }

  #tile(person: Participant): Tile {
    let tile = this.#tiles.get(person.code);
    if (tile === undefined) {
      tile = new Tile(this.#template, this.#list, () => this.render());
      this.#tiles.set(person.code, tile);
      this.#list.append(tile.element);
    }
    return tile;
  }

  get #isSilenced(): boolean {
    return [...this.#tiles.values()].some(({ picture }) => picture.isSilenced);
  }

  #unmute(): void {
    for (const { picture } of this.#tiles.values()) if (picture.isSilenced) void picture.unmute();
    part(this.#stage, "sound").hidden = true;
  }
}
