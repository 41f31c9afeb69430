/* Time as the rest of lib/ sees it, so that tests can hold it in their hands. */

export interface Clock {
  now(): number;
  later(milliseconds: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  later(milliseconds, task) {
    const timer = setTimeout(task, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Seconds as m:ss, from an hour on as h:mm:ss; never negative. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number): string => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(whole % 60)}`
    : `${two(minutes)}:${two(whole % 60)}`;
}

/** Seconds between two ISO times; 0 where one is missing. */
export function secondsBetween(from: string | null, to: string | null): number {
  return from && to ? Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000) : 0;
}
