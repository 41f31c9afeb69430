/* The panel "Geräte": another camera, microphone or speaker while people talk, with a small picture
   and a bar that moves with one's voice. What is chosen is remembered in this browser. */
import {
  KINDS,
  type Kind,
  type Listed,
  listDevices,
  preferDevice,
  preferredDevice,
} from "../../lib/device-list.ts";
import { measureLevel } from "../../lib/level.ts";
import type { LocalMedia } from "../../lib/media.ts";
import type { StageFeature } from "../features.ts";
import { part, sentence, write } from "../parts.ts";
import type { Speaker } from "./speaker.ts";

const HEARD = 0.06;

export class DevicePanel implements StageFeature {
  readonly #panel: HTMLElement;
  readonly #media: LocalMedia;
  readonly #speaker: Speaker;
  #isOpen = false;
  #measured: MediaStreamTrack | null = null;
  #stopLevel: (() => void) | null = null;

  constructor(stage: HTMLElement, media: LocalMedia, speaker: Speaker) {
    this.#panel = part(stage, "devices");
    this.#media = media;
    this.#speaker = speaker;
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
      this.#select(kind).replaceChildren(...own.map((device, at) => this.#option(device, at)));
      this.#mark(kind);
    }
  }

  #option({ kind, id, label }: Listed, at: number): HTMLOptionElement {
    return new Option(label || `${sentence(this.#select(kind), "nameless")} ${at + 1}`, id);
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
    if (track === this.#measured) return;
    this.#stopLevel?.();
    this.#stopLevel = null;
    this.#measured = track;
    part(this.#panel, "device-level").hidden = track === null;
    if (track === null) return;
    const bar = part(this.#panel, "device-bar");
    const heard = part(this.#panel, "device-heard");
    write(heard, sentence(heard, "silent"));
    this.#stopLevel = measureLevel(new MediaStream([track]), (level) => {
      bar.style.setProperty("--level", level.toFixed(2));
      if (level > HEARD) write(heard, sentence(heard, "heard"));
    });
  }
}
