import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Tones } from "../../../frontend/lib/tones.ts";

let notes = 0;

class FakeParam {
  value = 0;
  setValueAtTime(): void {}
  linearRampToValueAtTime(): void {}
  exponentialRampToValueAtTime(): void {}
}

class FakeNode {
  readonly gain = new FakeParam();
  readonly frequency = new FakeParam();
  connect(next: FakeNode): FakeNode {
    return next;
  }
  disconnect(): void {}
  start(): void {
    notes += 1;
  }
  stop(): void {}
}

class FakeContext {
  readonly state: AudioContextState = "running";
  readonly currentTime = 0;
  readonly destination = new FakeNode();
  createGain = (): FakeNode => new FakeNode();
  createOscillator = (): FakeNode => new FakeNode();
}

beforeEach(() => {
  notes = 0;
  vi.useFakeTimers();
  vi.stubGlobal("AudioContext", FakeContext);
  vi.stubGlobal("navigator", { userActivation: { hasBeenActive: true } });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a muted person hears neither ring nor chime, but what they do themselves", async () => {
  const tones = new Tones(() => true);
  tones.ring();
  tones.stop();
  tones.chime();
  expect(notes).toBe(0);

  tones.ringback();
  expect(notes).toBe(1);
  tones.stop();
  await tones.sample();
  expect(notes).toBeGreaterThan(1);
});

test("muting takes effect while it rings, and so does the contrary", () => {
  let isMuted = false;
  const tones = new Tones(() => isMuted);
  tones.ring();
  const once = notes;
  expect(once).toBeGreaterThan(0);
  isMuted = true;
  vi.advanceTimersByTime(9_000);
  expect(notes).toBe(once);
  isMuted = false;
  vi.advanceTimersByTime(3_000);
  expect(notes).toBe(2 * once);
  tones.stop();
});

test("the first tone sounds as soon as the browser has woken, and not long afterwards", async () => {
  let wake: () => void = () => {};
  class SleepingContext extends FakeContext {
    override state: AudioContextState = "suspended";
    resume = (): Promise<void> =>
      new Promise((done) => {
        wake = () => {
          this.state = "running";
          done();
        };
      });
  }
  vi.stubGlobal("AudioContext", SleepingContext);
  const early = new Tones();
  early.chime();
  expect(notes).toBe(0);
  wake();
  await vi.advanceTimersByTimeAsync(1);
  expect(notes).toBe(2);

  const late = new Tones();
  late.chime();
  await vi.advanceTimersByTimeAsync(5_000);
  wake();
  await vi.advanceTimersByTimeAsync(1);
  expect(notes).toBe(2);
});
