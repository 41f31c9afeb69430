/* With which code the server closes a websocket (docs/protocol.md): those that a page tells apart.
   Their names on the server are in core/close_codes.py. */
export const SIGN_IN_AGAIN = 4401;
export const REPLACED = 4408;
export const LINK_ENDED = 4410;
export const FLOODING = 4429;

/** A code of our own means "do not come back", except after flooding: then later. */
export function isFinal(code: number): boolean {
  return code >= 4400 && code < 4500 && code !== FLOODING;
}
