/* This page's screen, or one of its windows, as the person has chosen it in the browser's own list. */

/** Pages with text: sharp is better than smooth. */
const WANTED: DisplayMediaStreamOptions = { video: { frameRate: { ideal: 15, max: 30 } } };

export class LocalScreen {
  track: MediaStreamTrack | null = null;
  readonly #devices: Partial<MediaDevices> | undefined;
  readonly #changed: () => void;

  constructor(devices: Partial<MediaDevices> | undefined, changed: () => void) {
    this.#devices = devices;
    this.#changed = changed;
  }

  /** Telephones cannot. */
  get isPossible(): boolean {
    return this.#devices?.getDisplayMedia !== undefined;
  }

  /** False where the person or the browser did not want to. */
  async start(): Promise<boolean> {
    if (!this.#devices?.getDisplayMedia || this.track !== null) return this.track !== null;
    const stream = await this.#devices.getDisplayMedia(WANTED).catch(() => null);
    const [track] = stream?.getVideoTracks() ?? [];
    if (track === undefined) return false;
    track.contentHint = "detail";
    // The browser's own "Stop sharing", or the shared window was closed.
    track.onended = () => this.stop();
    this.track = track;
    this.#changed();
    return true;
  }

  stop(): void {
    const { track } = this;
    if (track === null) return;
    track.onended = null;
    track.stop();
    this.track = null;
    this.#changed();
  }
}
