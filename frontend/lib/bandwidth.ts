/* How fast data arrive from our server, in kbit/s (A25). Listens for three seconds at most. */

/** Below this, picture and sound falter (Anlage 31b BMV-Ä, the practice's equipment, 2020). */
export const ENOUGH = 2_000;
const LISTEN = 3_000;
/** A connection needs a moment to reach its speed; longer measurements leave that out. */
const WARM_UP = 500;
const LONG = 1_000;
/** Shorter than this, the clock is too coarse for the pieces: the whole request counts. */
const SHORT = 40;

export interface Arrival {
  at: number;
  octets: number;
}

/** The rate of what arrived after `asked`, or null where nothing is known. */
export function rateOf(asked: number, arrivals: Arrival[]): number | null {
  const first = arrivals[0];
  const last = arrivals.at(-1);
  if (!first || !last) return null;
  const isLong = last.at - first.at > LONG;
  const base = arrivals.find(({ at }) => at >= first.at + (isLong ? WARM_UP : 0)) ?? first;
  const isShort = last.at - base.at < SHORT;
  const since = isShort ? asked : base.at;
  const counted = isShort ? arrivals : arrivals.slice(arrivals.indexOf(base) + 1);
  const octets = counted.reduce((sum, { octets }) => sum + octets, 0);
  return last.at > since ? (octets * 8) / (last.at - since) : null;
}

/** Null where the server had no turn for us, or was not reached. Never rejects. */
export async function measureBandwidth(url: string, signal: AbortSignal): Promise<number | null> {
  const arrivals: Arrival[] = [];
  const asked = performance.now();
  const stop = new AbortController();
  const enough = setTimeout(() => stop.abort(), LISTEN);
  signal.addEventListener("abort", () => stop.abort(), { once: true });
  try {
    const response = await fetch(url, {
      cache: "no-store",
      credentials: "omit",
      signal: stop.signal,
    });
    if (!response.ok || !response.body) return null;
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      arrivals.push({ at: performance.now(), octets: value.byteLength });
    }
  } catch {
    // Cut off by us, or by the network: what has arrived counts.
  } finally {
    clearTimeout(enough);
  }
  return signal.aborted ? null : rateOf(asked, arrivals);
}
