/* After an ICE restart Chromium keeps to the old path for as long as it believes in it, some three
   seconds, where the new one ranks lower (the other network card, say). Whoever restarts knows
   better: addresses of a later generation rank above all earlier ones. */
import type { Candidate } from "./protocol.ts";

/** Above 126, the highest kind that browsers give (RFC 8445, 5.1.2). */
const ABOVE = 127 * 2 ** 24;
const MOST = 255;

export class Generations {
  #known: string[] = [];

  clear(): void {
    this.#known = [];
  }

  /** The candidate, ranked by its generation; those of the first stay as they are. */
  rank(candidate: Candidate): Candidate {
    const name =
      candidate.usernameFragment ?? candidate.candidate.match(/ ufrag (\S+)/)?.[1] ?? null;
    if (name === null) return candidate;
    if (!this.#known.includes(name)) this.#known.push(name);
    const generation = this.#known.indexOf(name);
    if (generation === 0) return candidate;
    return { ...candidate, candidate: raise(candidate.candidate, Math.min(generation, MOST)) };
  }
}

/** candidate:<foundation> <component> <transport> <priority> …; their order among each other stays. */
function raise(line: string, generation: number): string {
  return line.replace(
    /^(candidate:\S+ \d+ \S+ )(\d+)/,
    (_, before: string, priority: string) =>
      before + String(ABOVE + generation * 2 ** 16 + Math.floor(Number(priority) / 2 ** 15)),
  );
}
