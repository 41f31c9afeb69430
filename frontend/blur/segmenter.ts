/* Which points of a picture are the person: MediaPipe's selfie segmenter, from our own files. Nothing
   of the picture leaves this page. */
import { ImageSegmenter } from "@mediapipe/tasks-vision";

/** Where the build has put what is needed; with the hashes of this installation. */
export interface Addresses {
  loader: string;
  wasm: string;
  model: string;
}

/** How certain it is that each point is the person, 0 to 1. */
export interface Mask {
  values: Float32Array;
  width: number;
  height: number;
}

export interface Segmenter {
  segment(picture: CanvasImageSource, use: (mask: Mask) => void): void;
  close(): void;
}

type Factory = (options: object) => Promise<unknown>;
type Started = (instance: WebAssembly.Instance) => void;

/** The model looks at 256 by 256 points; more would only be made smaller. */
const SEEN = 256;
/** Graphics that are only imitated by a program: the processor does better without them. */
const IMITATED = /swiftshader|llvmpipe|softpipe|software|basic render/i;
/** Milliseconds for one picture; graphics that take longer are no help either. */
const LONG = 40;

export async function openSegmenter(addresses: Addresses): Promise<Segmenter> {
  const [model, program, { default: factory }] = await Promise.all([
    fetched(addresses.model),
    WebAssembly.compileStreaming(fetch(addresses.wasm)),
    import(addresses.loader) as Promise<{ default: Factory }>,
  ]);
  const open = (delegate: "GPU" | "CPU"): Promise<SelfieSegmenter> =>
    attempt(factory, program, model, delegate);
  const fast = hasGraphics() ? await open("GPU").catch(() => null) : null;
  if (fast !== null && fast.pace() < LONG) return fast;
  fast?.close();
  return open("CPU");
}

async function fetched(address: string): Promise<Uint8Array> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`no model: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Asked rather than tried alone: with imitated graphics the trial itself takes seconds. */
function hasGraphics(): boolean {
  const context = document.createElement("canvas").getContext("webgl2");
  if (context === null) return false;
  const names = context.getExtension("WEBGL_debug_renderer_info");
  const name = context.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER);
  context.getExtension("WEBGL_lose_context")?.loseContext();
  return !IMITATED.test(String(name));
}

async function attempt(
  factory: Factory,
  program: WebAssembly.Module,
  model: Uint8Array,
  delegate: "GPU" | "CPU",
): Promise<SelfieSegmenter> {
  const canvas = document.createElement("canvas");
  const task = await Promise.race([
    provide(factory, program),
    ImageSegmenter.createFromOptions(
      { wasmLoaderPath: "", wasmBinaryPath: "" },
      {
        // A copy: the library gives what it gets away.
        baseOptions: { modelAssetBuffer: model.slice(), delegate },
        canvas,
        runningMode: "VIDEO",
        outputConfidenceMasks: true,
        outputCategoryMask: false,
      },
    ),
  ]);
  const segmenter = new SelfieSegmenter(task, canvas);
  try {
    // Some graphics are refused only when there is something to do.
    segmenter.pace();
    return segmenter;
  } catch (error) {
    segmenter.close();
    throw error;
  }
}

/** The library would fetch its loader with a <script> made from a text, which this page forbids. It
    takes a factory that is there already; ours compiles nothing twice and keeps the library's remarks
    out of the console. Never resolves; rejects where the program does not start. */
function provide(factory: Factory, program: WebAssembly.Module): Promise<never> {
  return new Promise((_, reject) => {
    const instantiateWasm = (imports: WebAssembly.Imports, done: Started): object => {
      WebAssembly.instantiate(program, imports).then(done, reject);
      return {};
    };
    const quiet = { print: ignore, printErr: ignore, instantiateWasm };
    Object.assign(globalThis, {
      ModuleFactory: (options: object) => factory({ ...options, ...quiet }),
      custom_dbg: ignore,
    });
  });
}

class SelfieSegmenter implements Segmenter {
  readonly #task: ImageSegmenter;
  readonly #canvas: HTMLCanvasElement;
  readonly #seen = document.createElement("canvas");
  readonly #context: CanvasRenderingContext2D;
  #at = 0;

  constructor(task: ImageSegmenter, canvas: HTMLCanvasElement) {
    this.#task = task;
    this.#canvas = canvas;
    this.#seen.width = this.#seen.height = SEEN;
    const context = this.#seen.getContext("2d");
    if (context === null) throw new Error("This browser cannot draw.");
    this.#context = context;
  }

  segment(picture: CanvasImageSource, use: (mask: Mask) => void): void {
    this.#context.drawImage(picture, 0, 0, SEEN, SEEN);
    // The library wants moments that only grow.
    this.#at = Math.max(this.#at + 1, performance.now());
    this.#task.segmentForVideo(this.#seen, this.#at, ({ confidenceMasks }) => {
      const mask = confidenceMasks?.at(-1);
      if (mask === undefined) throw new Error("no mask");
      use({ values: mask.getAsFloat32Array(), width: mask.width, height: mask.height });
    });
  }

  /** How long an empty picture takes; the first one also makes everything ready. */
  pace(): number {
    const began = performance.now();
    this.segment(document.createElement("canvas"), ignore);
    return performance.now() - began;
  }

  close(): void {
    this.#task.close();
    // A page has few contexts: this one is not left to the garbage collector.
    this.#canvas.getContext("webgl2")?.getExtension("WEBGL_lose_context")?.loseContext();
  }
}

function ignore(): void {
  // What the library remarks is of no use to anybody here.
}
