/* The sounds of a call, made by the browser itself: no files to fetch, nothing to license. */

type Note = { at: number; frequency: number; length: number; volume: number };

interface Pattern {
  every: number;
  notes: Note[];
}

/* Two soft rising thirds: friendly enough for a waiting room. */
const RING: Pattern = {
  every: 3_000,
  notes: [
    { at: 0, frequency: 659.3, length: 0.5, volume: 0.16 },
    { at: 0.22, frequency: 784, length: 0.5, volume: 0.16 },
    { at: 0.44, frequency: 987.8, length: 0.9, volume: 0.18 },
    { at: 1.1, frequency: 784, length: 0.5, volume: 0.14 },
    { at: 1.32, frequency: 987.8, length: 1, volume: 0.16 },
  ],
};

/* What a caller hears in Germany: 425 Hz, one second in five. */
const RINGBACK: Pattern = {
  every: 5_000,
  notes: [{ at: 0.05, frequency: 425, length: 1, volume: 0.05 }],
};

/* Somebody has come, or written: two soft notes, once. */
const CHIME: Pattern = {
  every: 0,
  notes: [
    { at: 0, frequency: 587.3, length: 0.35, volume: 0.07 },
    { at: 0.16, frequency: 880, length: 0.6, volume: 0.06 },
  ],
};

const SOON = 700; // milliseconds

export class Tones {
  /** Whether the person has muted what comes in (SET-4). What one does oneself still sounds. */
  readonly #isMuted: () => boolean;
  #context: AudioContext | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;
  #playing: Pattern | null = null;
  #bus: GainNode | null = null;
  /** Another way out than the system's own loudspeaker. */
  #exit: AudioNode | null = null;

  constructor(isMuted: () => boolean = () => false) {
    this.#isMuted = isMuted;
  }

  ring(): void {
    this.#repeat(RING);
  }

  ringback(): void {
    this.#repeat(RINGBACK);
  }

  /** The tone of a call once, for somebody who wants to know whether they hear it. */
  async sample(exit?: (context: AudioContext) => Promise<AudioNode>): Promise<void> {
    const context = this.#open();
    if (context !== null) this.#exit = (await exit?.(context)) ?? null;
    if (context?.state === "suspended") await context.resume().catch(() => undefined);
    this.#play(RING, true);
  }

  /** Silent where nobody has touched the page yet, as browsers want it. */
  chime(): void {
    const isAllowed = navigator.userActivation?.hasBeenActive ?? this.#context !== null;
    if (this.#playing === null && isAllowed) this.#play(CHIME);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#playing = null;
    // Silences notes that are planned already.
    this.#bus?.disconnect();
    this.#bus = null;
  }

  /** A page may sound only after somebody touched it: to be called on such a touch. */
  unlock(): void {
    if (this.#context?.state === "suspended") this.#context.resume().catch(() => undefined);
  }

  #repeat(pattern: Pattern): void {
    if (this.#playing === pattern) return;
    this.stop();
    this.#playing = pattern;
    this.#play(pattern);
    this.#timer = setInterval(() => this.#play(pattern), pattern.every);
  }

  #play(pattern: Pattern, isWished = false): void {
    if (pattern !== RINGBACK && !isWished && this.#isMuted()) return;
    const context = this.#open();
    if (context?.state === "running") this.#sound(context, pattern);
    else if (context !== null) void this.#soundSoon(context, pattern);
  }

  /** A context that was made just now begins a moment later; one that waits for a touch stays
   * silent, for a tone must not come long after its cause. */
  async #soundSoon(context: AudioContext, pattern: Pattern): Promise<void> {
    const wanted = this.#playing;
    const before = performance.now();
    await context.resume().catch(() => undefined);
    const isStillWanted = this.#playing === wanted && performance.now() - before < SOON;
    if (context.state === "running" && isStillWanted) this.#sound(context, pattern);
  }

  #sound(context: AudioContext, pattern: Pattern): void {
    this.#bus?.disconnect();
    this.#bus = context.createGain();
    this.#bus.connect(this.#exit ?? context.destination);
    for (const note of pattern.notes) sound(context, this.#bus, note);
  }

  #open(): AudioContext | null {
    if (this.#context === null && typeof AudioContext !== "undefined") {
      this.#context = new AudioContext();
    }
    this.unlock();
    return this.#context;
  }
}

function sound(context: AudioContext, bus: AudioNode, note: Note): void {
  const start = context.currentTime + note.at;
  const oscillator = context.createOscillator();
  const envelope = context.createGain();
  oscillator.frequency.value = note.frequency;
  envelope.gain.setValueAtTime(0, start);
  envelope.gain.linearRampToValueAtTime(note.volume, start + 0.03);
  envelope.gain.setValueAtTime(note.volume, start + note.length * 0.6);
  envelope.gain.exponentialRampToValueAtTime(0.0001, start + note.length);
  oscillator.connect(envelope).connect(bus);
  oscillator.start(start);
  oscillator.stop(start + note.length + 0.05);
}
