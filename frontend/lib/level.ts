/* How loud the microphone is, ten times a second, from 0 to 1. */

const EVERY = 100;
const LOUD = 0.25;

/** Measure until the returned function is called. */
export function measureLevel(stream: MediaStream, heard: (level: number) => void): () => void {
  if (typeof AudioContext === "undefined" || stream.getAudioTracks().length === 0) {
    heard(0);
    return () => undefined;
  }
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  // Nearly all of the time between two looks.
  analyser.fftSize = 4096;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    // Without a touch of the page the browser keeps the context asleep.
    if (context.state === "suspended") context.resume().catch(() => undefined);
    // Asleep it would hear silence, which says nothing about the microphone.
    if (context.state !== "running") return;
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    heard(Math.min(1, Math.sqrt(power) / LOUD));
  }, EVERY);
  return () => {
    clearInterval(timer);
    context.close().catch(() => undefined);
  };
}
