/* A camera or headset is unplugged in the middle of a talk: the next best takes its place, and it
   gets its place back when it is plugged in again. Both are said, nothing is asked. */
import { listDevices } from "../../lib/device-list.ts";
import type { Device, Loss } from "../../lib/media.ts";
import type { CallSession } from "../../lib/session.ts";
import type { StageFeature } from "../features.ts";
import type { Notices } from "../notices.ts";

const BOTH: Device[] = ["camera", "microphone"];

export class DeviceWatch implements StageFeature {
  readonly #session: CallSession;
  readonly #notices: Notices;
  readonly #lost: Partial<Record<Device, { id: string; name: string }>> = {};

  constructor(session: CallSession, notices: Notices) {
    this.#session = session;
    this.#notices = notices;
    session.media.onLoss((loss) => this.#hear(loss));
    navigator.mediaDevices?.addEventListener("devicechange", () => void this.#look());
  }

  turned(): void {
    if (this.#runs) return;
    delete this.#lost.camera;
    delete this.#lost.microphone;
  }

  get #runs(): boolean {
    const { phase } = this.#session.machine;
    return phase === "active" || phase === "outgoing";
  }

  #hear({ device, was, now }: Loss): void {
    if (!this.#runs) return;
    this.#lost[device] = { id: was.getSettings().deviceId ?? "", name: was.label };
    // Where nothing took its place the explanation of the problem stands there already.
    if (now) this.#notices.say("device-lost", { was: was.label, now: now.label });
  }

  async #look(): Promise<void> {
    if (!this.#runs) return;
    const devices = await listDevices();
    for (const device of BOTH) {
      const lost = this.#lost[device];
      const isBack = devices.some(({ kind, id }) => kind === device && id === lost?.id);
      if (lost && isBack) await this.#giveBack(device, lost);
      else if (this.#session.media.problems[device] === "missing") await this.#session.media.open();
    }
  }

  async #giveBack(device: Device, lost: { id: string; name: string }): Promise<void> {
    delete this.#lost[device];
    const { media } = this.#session;
    // Switched off by hand meanwhile: it stays off.
    if (media.track(device) === null && media.problems[device] === null) return;
    if (await media.use(device, { deviceId: { exact: lost.id } }))
      this.#notices.say("device-back", { now: lost.name });
  }
}
