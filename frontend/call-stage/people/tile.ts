/* One other person among several: picture and sound, or initials; name, role, what is off. */
import { initials } from "../../lib/machine.ts";
import type { Peer } from "../../lib/peer.ts";
import type { Participant } from "../../lib/protocol.ts";
import { part, sentence, write } from "../parts.ts";
import { RemotePicture } from "../remote-picture.ts";

export class Tile {
  readonly element: HTMLElement;
  readonly picture: RemotePicture;
  readonly #texts: HTMLElement;

  /** `texts` holds the sentences: data-text-connecting, -lost, -off, -role-… */
  constructor(template: HTMLTemplateElement, texts: HTMLElement, changed: () => void) {
    const copy = template.content.cloneNode(true) as DocumentFragment;
    this.element = copy.firstElementChild as HTMLElement;
    this.#texts = texts;
    this.picture = new RemotePicture(part<HTMLVideoElement>(this.element, "tile-video"), changed);
  }

  show(person: Participant, peer: Peer | undefined): void {
    const { element } = this;
    const hasMet = peer !== undefined && peer.care.health !== "connecting";
    element.dataset.role = person.role;
    element.toggleAttribute("data-picture", hasMet && peer.devices.camera);
    write(part(element, "tile-initials"), initials(person.name));
    write(part(element, "tile-name"), person.name);
    write(part(element, "tile-role"), sentence(this.#texts, `role-${person.role}`));
    write(part(element, "tile-status"), sentence(this.#texts, statusOf(peer)));
    part(element, "tile-muted").hidden = !hasMet || peer.devices.microphone;
    this.picture.show(peer?.stream ?? null);
  }

  close(): void {
    this.picture.show(null);
    this.element.remove();
  }
}

function statusOf(peer: Peer | undefined): string {
  if (peer === undefined || peer.care.health === "connecting") return "connecting";
  if (peer.care.health === "lost") return "lost";
  return peer.devices.camera ? "" : "off";
}
