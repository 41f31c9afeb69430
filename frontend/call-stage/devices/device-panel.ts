/* The panel "Geräte": another camera, microphone or speaker while people talk, with a small picture
   and a bar that moves with one's voice. What is chosen is remembered in this browser. */
import { LevelBar } from "../../devices/level-bar.ts";
import { fillOptions } from "../../devices/options.ts";
import {
  KINDS,
  type Kind,
  listDevices,
  preferDevice,
  preferredDevice,
} from "../../lib/device-list.ts";
import type { LocalMedia } from "../../lib/media.ts";
import type { StageFeature } from "../features.ts";
import { part, sentence, write } from "../parts.ts";
import type { Speaker } from "./speaker.ts";

export class DevicePanel implements StageFeature {
  readonly #panel: HTMLElement;
  readonly #media: LocalMedia;
  readonly #speaker: Speaker;
  #isOpen = false;
  readonly #level: LevelBar;

  constructor(stage: HTMLElement, media: LocalMedia, speaker: Speaker) {
    this.#panel = part(stage, "devices");
    this.#media = media;
    this.#speaker = speaker;
    this.#level = new LevelBar(part(this.#panel, "device-bar"), part(this.#panel, "device-heard"));
    stage.addEventListener("panel-shown", (event) => {
      this.#isOpen = (event as CustomEvent<string>).detail === "devices";
      this.render();
      if (this.#isOpen) void this.#list();
    });
    navigator.mediaDevices?.addEventListener("devicechange", () => {
      if (this.#isOpen) void this.#list();
    });
    for (const kind of KINDS)
      this.#select(kind).addEventListener("change", () => void this.#choose(kind));
  }

  render(): void {
    const { camera } = this.#media.states;
    const preview = part<HTMLVideoElement>(this.#panel, "device-preview");
    const stream = this.#isOpen && camera ? this.#media.stream : null;
    if (preview.srcObject !== stream) preview.srcObject = stream;
    part(this.#panel, "device-picture").hidden = !camera;
    if (this.#isOpen) for (const kind of KINDS) this.#mark(kind);
    this.#measure();
  }

  async #list(): Promise<void> {
    const devices = await listDevices();
    for (const kind of KINDS) {
      const own = devices.filter((device) => device.kind === kind);
      const isOffered = own.length > 0 && (kind !== "speaker" || this.#speaker.isPossible);
      part(this.#panel, `device-${kind}`).hidden = !isOffered;
      fillOptions(this.#select(kind), own, sentence(this.#select(kind), "nameless"));
      this.#mark(kind);
    }
  }

  /** What is in use, rather than what was wished for. */
  #mark(kind: Kind): void {
    const select = this.#select(kind);
    const used =
      kind === "speaker"
        ? this.#speaker.id
        : (this.#media.track(kind)?.getSettings().deviceId ?? preferredDevice(kind));
    if (used && document.activeElement !== select) select.value = used;
    if (select.selectedIndex < 0) select.selectedIndex = 0;
  }

  async #choose(kind: Kind): Promise<void> {
    const id = this.#select(kind).value;
    const worked = await this.#use(kind, id);
    this.#complain(kind, !worked);
    if (worked) preferDevice(kind, id);
    this.#select(kind).value = worked ? id : this.#used(kind);
  }

  #use(kind: Kind, id: string): Promise<boolean> {
    if (kind === "speaker") return this.#speaker.use(id);
    // What is switched off at the moment is only remembered.
    if (this.#media.track(kind) === null) return Promise.resolve(true);
    return this.#media.use(kind, { deviceId: { exact: id } });
  }

  #used(kind: Kind): string {
    if (kind === "speaker") return this.#speaker.id;
    return this.#media.track(kind)?.getSettings().deviceId ?? "";
  }

  #complain(kind: Kind, isWrong: boolean): void {
    const select = this.#select(kind);
    const error = part(this.#panel, `device-${kind}-error`);
    write(error, isWrong ? sentence(error, "failed") : "");
    error.hidden = !isWrong;
    select.toggleAttribute("aria-invalid", isWrong);
  }

  #select(kind: Kind): HTMLSelectElement {
    return part(this.#panel, `device-${kind}`).querySelector("select") as HTMLSelectElement;
  }

  #measure(): void {
    const track = this.#isOpen ? this.#media.track("microphone") : null;
    part(this.#panel, "device-level").hidden = track === null;
    this.#level.follow(track);
  }
}
