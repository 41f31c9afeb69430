/* One certificate per person and call, shared by all their connections, so that one fingerprint
   stands for a person (A4: a new one for each call). Made ahead: a call does not wait for it. */

const KIND = { name: "ECDSA", namedCurve: "P-256" };

export class Certificates {
  #next: RTCCertificate | null = null;

  constructor() {
    void this.#prepare();
  }

  /** For the connections of one call; empty in the moment after loading, when each makes its own. */
  take(): Pick<RTCConfiguration, "certificates"> {
    const certificate = this.#next;
    this.#next = null;
    void this.#prepare();
    return certificate ? { certificates: [certificate] } : {};
  }

  async #prepare(): Promise<void> {
    this.#next ??= await RTCPeerConnection.generateCertificate(KIND).catch(() => null);
  }
}
