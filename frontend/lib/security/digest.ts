/* The hashes behind the security code: SHA-256 over parts that cannot run into each other. */

const DIGITS = 8;

/** SHA-256 over `label` and `parts`, each with its length before it; 64 hexadecimal digits. */
export async function digest(label: string, parts: string[]): Promise<string> {
  const text = [label, ...parts].map((part) => `${part.length}:${part}`).join("");
  const bytes = new Uint8Array(
    await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)),
  );
  return hex(bytes);
}

/** 32 random bytes as hexadecimal digits. */
export function freshNonce(): string {
  return hex(crypto.getRandomValues(new Uint8Array(32)));
}

/** What people read out: the hash as eight decimal digits in two groups, "0481 7730". */
export function spoken(hash: string): string {
  const number = BigInt(`0x${hash}`) % 10n ** BigInt(DIGITS);
  const digits = String(number).padStart(DIGITS, "0");
  return `${digits.slice(0, DIGITS / 2)} ${digits.slice(DIGITS / 2)}`;
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
