/* The browser's cryptography works in threads of its own: how a test knows that it is done. */

let pending = 0;
const methods = ["deriveBits", "deriveKey", "decrypt", "digest", "encrypt"] as const;
const others = ["exportKey", "generateKey", "importKey", "sign", "verify"] as const;
for (const name of [...methods, ...others]) {
  const real = crypto.subtle[name].bind(crypto.subtle) as (...given: unknown[]) => Promise<unknown>;
  const counted = (...given: unknown[]): Promise<unknown> => {
    pending += 1;
    return real(...given).finally(() => {
      pending -= 1;
    });
  };
  Object.defineProperty(crypto.subtle, name, { value: counted, configurable: true });
}

/** Until nothing is computed any more, nor follows from it. */
export async function settled(): Promise<void> {
  for (let idle = 0; idle < 5; ) {
    await new Promise((done) => setTimeout(done, 1));
    idle = pending === 0 ? idle + 1 : 0;
  }
}
