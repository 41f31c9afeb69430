/* What two pages know and nobody between them: an ephemeral P-256 key per page, a shared secret by
   ECDH, and from it by HKDF one AES-GCM key for each direction. Keys never leave the page that
   made them and go with it. docs/decisions/0027-messages-with-a-waiting-guest.md */
import { type Bytes, fromBase64Url, randomCode, toBase64Url, utf8 } from "./bytes.ts";

export type Side = "guest" | "host";

/** Another page, as its greeting introduced it. */
export interface PeerPage {
  page: string;
  key: string;
}

export interface SealedBody {
  number: number;
  body: string;
}

/** The envelope is no good: changed on its way, old, or never meant for this page. */
export class Unreadable extends Error {}

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const NAME = "HealthCompanion visit messages 1";
const BLOCK = 128;

export class PageKeys {
  /** How this page is addressed; as short-lived as its key. */
  readonly page = randomCode();
  readonly publicKey: string;
  readonly #private: CryptoKey;

  private constructor(privateKey: CryptoKey, publicKey: string) {
    this.#private = privateKey;
    this.publicKey = publicKey;
  }

  static async make(): Promise<PageKeys> {
    const pair = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
    const raw = await crypto.subtle.exportKey("raw", pair.publicKey);
    return new PageKeys(pair.privateKey, toBase64Url(new Uint8Array(raw)));
  }

  /** The secret way to `peer`, about `guest`; `side` is ours. Throws for a key that is none. */
  async channelTo(peer: PeerPage, guest: string, side: Side): Promise<SecretChannel> {
    const raw = fromBase64Url(peer.key);
    const theirs = await crypto.subtle.importKey("raw", raw, CURVE, false, []);
    const bits = await crypto.subtle.deriveBits({ ...CURVE, public: theirs }, this.#private, 256);
    const secret = await crypto.subtle.importKey("raw", bits, "HKDF", false, ["deriveKey"]);
    const other: Side = side === "guest" ? "host" : "guest";
    const keys = [this.publicKey, peer.key];
    const salt = await digest((side === "guest" ? keys : keys.reverse()).join(" "));
    const out = [NAME, guest, side, this.page, peer.page];
    const back = [NAME, guest, other, peer.page, this.page];
    return new SecretChannel(
      { context: out, key: await directionKey(secret, salt, out) },
      { context: back, key: await directionKey(secret, salt, back) },
    );
  }
}

interface Direction {
  /** Whose page speaks to whose, about which guest: part of the key and of each envelope. */
  context: string[];
  key: CryptoKey;
}

export class SecretChannel {
  readonly #out: Direction;
  readonly #back: Direction;
  #sent = 0;
  #received = 0;

  constructor(out: Direction, back: Direction) {
    this.#out = out;
    this.#back = back;
  }

  async seal(text: string): Promise<SealedBody> {
    this.#sent += 1;
    const number = this.#sent;
    const bytes = utf8(text);
    // Whole blocks, so that the length tells little of what was written.
    const padded = new Uint8Array(Math.ceil((bytes.length + 1) / BLOCK) * BLOCK).fill(0x20);
    padded.set(bytes);
    const sealed = await crypto.subtle.encrypt(
      parameters(this.#out, number),
      this.#out.key,
      padded,
    );
    return { number, body: toBase64Url(new Uint8Array(sealed)) };
  }

  /** Throws Unreadable for whatever the other page did not just write to this one. */
  async open({ number, body }: SealedBody): Promise<string> {
    if (number <= this.#received) throw new Unreadable("seen before");
    let plain: ArrayBuffer;
    try {
      const sealed = fromBase64Url(body);
      plain = await crypto.subtle.decrypt(parameters(this.#back, number), this.#back.key, sealed);
    } catch {
      throw new Unreadable("not as it was sent");
    }
    if (number <= this.#received) throw new Unreadable("seen meanwhile");
    this.#received = number;
    return new TextDecoder().decode(plain).trimEnd();
  }
}

function parameters({ context }: Direction, number: number): AesGcmParams {
  const iv = new Uint8Array(12);
  new DataView(iv.buffer).setBigUint64(4, BigInt(number)); // never twice: the key is this way's own
  return { name: "AES-GCM", iv, additionalData: utf8(JSON.stringify([...context, number])) };
}

async function directionKey(secret: CryptoKey, salt: Bytes, context: string[]): Promise<CryptoKey> {
  const info = utf8(JSON.stringify(context));
  return crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt, info },
    secret,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}

async function digest(text: string): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(text)));
}
