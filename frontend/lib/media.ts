/* The camera and the microphone of this page, opened once and kept: the same tracks serve the
   preview, the waiting room and the call. Switching the camera off really releases it. */
import { classify, type Problem } from "./media-problems.ts";
import { plain, WANTED, without } from "./media-wishes.ts";
import { LocalScreen } from "./screen.ts";
import type { Seat } from "./seats.ts";

export type Device = "camera" | "microphone";
export type { Problem };
export type Problems = Record<Device, Problem | null>;
export type DeviceStates = Record<Device, boolean>;

/** A device went away under us; `now` is what took its place, null where nothing could. */
export interface Loss {
  device: Device;
  was: MediaStreamTrack;
  now: MediaStreamTrack | null;
}

export interface MediaEnvironment {
  /** navigator.mediaDevices; undefined on pages without https. */
  devices: (Pick<MediaDevices, "getUserMedia"> & Partial<MediaDevices>) | undefined;
  createStream: () => MediaStream;
  /** The answer that the browser remembers, or null where it does not tell. */
  permission: (device: Device) => Promise<PermissionState | null>;
  /** The id of the device that somebody chose; "" where nobody did. */
  preferred?: (device: Device) => string | Promise<string>;
}

const BOTH: Device[] = ["camera", "microphone"];
/** Lost again so soon after it was opened: it will not stay the next time either. */
const AGAIN = 3_000;

export class LocalMedia {
  readonly stream: MediaStream;
  /** Never opened by itself: somebody has to choose it. */
  readonly screen: LocalScreen;
  problems: Problems = { camera: null, microphone: null };
  /** What each camera is led through before anybody sees it, ourselves included. It may refuse. */
  veil: ((camera: MediaStreamTrack) => Promise<MediaStreamTrack>) | null = null;
  readonly #environment: MediaEnvironment;
  readonly #tracks: Record<Device, MediaStreamTrack | null> = { camera: null, microphone: null };
  readonly #chosen: Partial<Record<Device, string>> = {};
  #preferred: Record<Device, string> = { camera: "", microphone: "" };
  readonly #wanted: DeviceStates = { camera: true, microphone: true };
  readonly #listeners = new Set<() => void>();
  readonly #losses = new Set<(loss: Loss) => void>();
  readonly #lostAt: Record<Device, number> = { camera: -AGAIN, microphone: -AGAIN };
  #opening: Promise<void> | null = null;
  #releases = 0;

  constructor(environment: MediaEnvironment) {
    this.#environment = environment;
    this.stream = environment.createStream();
    this.screen = new LocalScreen(environment.devices, () => this.#changed());
  }

  track(seat: Seat): MediaStreamTrack | null {
    return seat === "screen" ? this.screen.track : this.#tracks[seat];
  }

  /** What the other side may see and hear of us. */
  get states(): DeviceStates {
    const isOn = (device: Device): boolean =>
      this.#wanted[device] &&
      this.#tracks[device]?.readyState === "live" &&
      this.problems[device] !== "interrupted";
    return { camera: isOn("camera"), microphone: isOn("microphone") };
  }

  get hasProblem(): boolean {
    return this.problems.camera !== null || this.problems.microphone !== null;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onLoss(listener: (loss: Loss) => void): void {
    this.#losses.add(listener);
  }

  /** Another camera or microphone while people talk. False: it does not open, the old one goes on. */
  async use(device: Device, wish: MediaTrackConstraints): Promise<boolean> {
    await this.#opening;
    const old = this.#tracks[device];
    const wanted = { camera: {}, microphone: {}, [device]: { ...without(device), ...wish } };
    let problem = await this.#attempt([device], wanted);
    if (problem === "busy" && old !== null) {
      // Telephones open one camera at a time.
      old.onended = null;
      old.stop();
      problem = await this.#attempt([device], wanted);
    }
    if (problem === null) this.#chosen[device] = this.#tracks[device]?.getSettings().deviceId ?? "";
    else if (old !== null && old.readyState !== "live") await this.open();
    this.#changed();
    return problem === null;
  }

  /** Open what is wanted and not open yet. Never rejects: what fails stands in `problems`. */
  open(): Promise<void> {
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null;
      this.#changed();
    });
    return this.#opening;
  }

  async set(device: Device, on: boolean): Promise<void> {
    this.#wanted[device] = on;
    const track = this.#tracks[device];
    if (device === "camera" && !on) this.#let(device, null);
    else if (track?.readyState === "live") track.enabled = on;
    else if (on) await this.open();
    this.#changed();
  }

  toggle(device: Device): Promise<void> {
    return this.set(device, !this.states[device]);
  }

  /** The picture of the same camera in another form takes its place. */
  exchange(camera: MediaStreamTrack): void {
    this.#let("camera", camera);
    this.#changed();
  }

  /** From now on this one of several cameras or microphones, by its id; at once where one is on. */
  async choose(device: Device, id: string): Promise<void> {
    this.#chosen[device] = id;
    if (this.#tracks[device] === null) return;
    this.#let(device, null); // phones open one camera at a time
    await this.open();
  }

  /** Release both; the next `open` starts with both wanted again, and with those preferred. */
  release(): void {
    this.#releases += 1;
    for (const device of BOTH) {
      this.#let(device, null);
      delete this.#chosen[device];
      this.#wanted[device] = true;
    }
    this.problems = { camera: null, microphone: null };
    this.screen.stop();
    this.#changed();
  }

  async #open(): Promise<void> {
    const needed = BOTH.filter(
      (device) => this.#wanted[device] && this.#tracks[device]?.readyState !== "live",
    );
    if (needed.length === 0) return;
    if (this.#environment.devices === undefined) {
      for (const device of needed) this.problems[device] = "insecure";
      return;
    }
    await this.#lookUp();
    const problem = await this.#request(needed);
    if (problem === null) return this.#lookAgain(needed);
    for (const device of needed) this.problems[device] = problem;
    if (needed.length > 1) await this.#openApart(needed, problem);
  }

  async #lookUp(): Promise<void> {
    const { preferred } = this.#environment;
    for (const device of BOTH) this.#preferred[device] = (await preferred?.(device)) ?? "";
  }

  /** Devices that are known by name are found only now: browsers name none before they are allowed. */
  async #lookAgain(opened: Device[]): Promise<void> {
    const releases = this.#releases;
    const before = { ...this.#preferred };
    await this.#lookUp();
    for (const device of opened) {
      const id = this.#preferred[device];
      const isUsed = this.#tracks[device]?.getSettings().deviceId === id;
      if (id === before[device] || isUsed || releases !== this.#releases) continue;
      const wish = { camera: {}, microphone: {}, [device]: this.#wish(device, "exact") };
      await this.#attempt([device], wish);
    }
  }

  /** One of the two failed, the browser does not say which: try each, without asking twice. */
  async #openApart(needed: Device[], problem: Problem): Promise<void> {
    for (const device of needed) {
      const allowed = await this.#environment.permission(device);
      const wouldAskAgain = problem === "denied" && allowed !== "granted" && allowed !== null;
      if (wouldAskAgain) continue;
      this.problems[device] = await this.#request([device]);
    }
  }

  async #request(devices: Device[]): Promise<Problem | null> {
    let problem: Problem | null = "unsuitable";
    for (const by of ["exact", "ideal"] as const)
      if (problem === "unsuitable")
        problem = await this.#attempt(devices, {
          camera: this.#wish("camera", by),
          microphone: this.#wish("microphone", by),
        });
    return problem === "unsuitable"
      ? this.#attempt(devices, { camera: {}, microphone: {} })
      : problem;
  }

  /** The chosen device. One that was unplugged gives way to another at the second attempt; at the
      first it has to be exact, since some browsers take little notice of what is ideal. */
  #wish(device: Device, by: "exact" | "ideal"): MediaTrackConstraints {
    const id = this.#chosen[device] ?? this.#preferred[device];
    return id ? { ...without(device), deviceId: { [by]: id } } : WANTED[device];
  }

  async #attempt(
    devices: Device[],
    constraints: Record<Device, MediaTrackConstraints>,
  ): Promise<Problem | null> {
    const wish: MediaStreamConstraints = {};
    if (devices.includes("camera")) wish.video = plain(constraints.camera);
    if (devices.includes("microphone")) wish.audio = plain(constraints.microphone);
    try {
      const stream = await this.#environment.devices?.getUserMedia(wish);
      for (const track of stream?.getAudioTracks() ?? []) this.#let("microphone", track);
      for (const track of stream?.getVideoTracks() ?? [])
        if (this.veil) await this.#letVeiled(track, this.veil);
        else this.#let("camera", track);
      return null;
    } catch (error) {
      return classify(error);
    }
  }

  async #letVeiled(camera: MediaStreamTrack, veil: NonNullable<LocalMedia["veil"]>): Promise<void> {
    const releases = this.#releases;
    const veiled = await veil(camera);
    if (releases === this.#releases) this.#let("camera", veiled);
    // Everything was given back meanwhile: nobody is there to switch it off.
    else veiled.stop();
  }

  #let(device: Device, track: MediaStreamTrack | null): void {
    const old = this.#tracks[device];
    if (this.problems[device] === "interrupted") this.problems[device] = null;
    if (old !== null) {
      old.onended = old.onmute = old.onunmute = null;
      old.stop();
      this.stream.removeTrack(old);
    }
    this.#tracks[device] = track;
    if (track === null) return;
    this.problems[device] = null;
    track.enabled = device === "camera" || this.#wanted[device];
    track.onended = () => this.#lost(device);
    // A telephone call, or another app that may take it from us: the browser gives it back.
    track.onmute = () => this.#interrupt(device, "interrupted");
    track.onunmute = () => this.#interrupt(device, null);
    this.stream.addTrack(track);
    // Switched off again while the browser was still opening it.
    if (device === "camera" && !this.#wanted.camera) this.#let("camera", null);
  }

  /** The plug was pulled, or the permission was taken back in the browser's menu. */
  #lost(device: Device): void {
    const was = this.#tracks[device];
    this.#let(device, null);
    this.problems[device] = "missing";
    this.#changed();
    const isAgain = Date.now() - this.#lostAt[device] < AGAIN;
    this.#lostAt[device] = Date.now();
    if (was !== null && !isAgain) void this.#replace(device, was);
  }

  async #replace(device: Device, was: MediaStreamTrack): Promise<void> {
    // Where the permission was taken back nobody is asked for it again.
    if ((await this.#environment.permission(device)) === "granted") await this.open();
    const now = this.#tracks[device];
    for (const listener of this.#losses) listener({ device, was, now });
  }

  #interrupt(device: Device, problem: Problem | null): void {
    this.problems[device] = problem;
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
