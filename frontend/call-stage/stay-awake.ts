/* The screen does not go dark in a call. */
import { awake, registerAwake } from "../lib/awake.ts";
import type { Phase } from "../lib/machine.ts";
import type { StageFeature } from "./features.ts";

export class StayAwake implements StageFeature {
  constructor() {
    registerAwake();
  }

  turned(phase: Phase): void {
    awake.keep("call", phase === "active" || phase === "outgoing");
  }
}
