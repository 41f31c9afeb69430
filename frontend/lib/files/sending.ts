/* The way of one file to one other page: read in blocks, cut in pieces, no faster than they leave. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Pipe } from "../pipe.ts";
import { pack, room } from "./frames.ts";

/** Read and hashed at a time: some two milliseconds, so that the page stays awake. */
const BLOCK = 256 * 1024;

export interface Source {
  name: string;
  size: number;
  /** Rejects where the file has changed, moved or cannot be read. */
  read: (from: number, to: number) => Promise<Uint8Array>;
}

export function sourceOf(file: File): Source {
  return {
    name: file.name,
    size: file.size,
    read: async (from, to) => new Uint8Array(await file.slice(from, to).arrayBuffer()),
  };
}

export class Unreadable extends Error {}

/** The SHA-256 of what was sent; null where `goesOn` said no. Rejects where the way ends. */
export async function sendThrough(
  pipe: Pick<Pipe, "room" | "send" | "longest">,
  id: number,
  source: Source,
  goesOn: (sent: number) => boolean,
): Promise<string | null> {
  const hash = sha256.create();
  const step = room(pipe.longest);
  for (let at = 0; at < source.size; at += BLOCK) {
    const block = await readBlock(source, at);
    hash.update(block);
    for (let offset = 0; offset < block.length; offset += step) {
      await pipe.room();
      if (!goesOn(at + offset)) return null;
      pipe.send(pack(id, at + offset, block.subarray(offset, offset + step)));
    }
  }
  return goesOn(source.size) ? bytesToHex(hash.digest()) : null;
}

async function readBlock(source: Source, at: number): Promise<Uint8Array> {
  const end = Math.min(source.size, at + BLOCK);
  const block = await source.read(at, end).catch(() => null);
  if (block?.length !== end - at) throw new Unreadable(source.name);
  return block;
}
