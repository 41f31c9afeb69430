/* The single pictures of a camera, and the track that shows what is made of them. Chrome and Edge hand
   them over one by one, also while the window is covered; elsewhere a <video> and a <canvas> serve. */

export interface Frame {
  picture: CanvasImageSource;
  width: number;
  height: number;
  close(): void;
}

export interface Frames {
  /** Null when the camera has ended. */
  next(): Promise<Frame | null>;
  close(): void;
}

export interface Output {
  readonly track: MediaStreamTrack;
  show(canvas: HTMLCanvasElement): void;
}

/** Chrome's own; in no standard in this form, and so in no list of types. */
interface Breakout {
  MediaStreamTrackProcessor?: new (options: {
    track: MediaStreamTrack;
  }) => { readable: ReadableStream<VideoFrame> };
  MediaStreamTrackGenerator?: new (options: {
    kind: "video";
  }) => MediaStreamTrack & { writable: WritableStream<VideoFrame> };
}

/** At most so many pictures a second where we have to ask for them. */
const WAIT = 1_000 / 24;

export function framesOf(camera: MediaStreamTrack): Frames {
  const { MediaStreamTrackProcessor: Processor } = globalThis as Breakout;
  return Processor ? new HandedOver(new Processor({ track: camera })) : new Watched(camera);
}

export function outputOf(canvas: HTMLCanvasElement): Output {
  const { MediaStreamTrackGenerator: Generator } = globalThis as Breakout;
  if (Generator) return new Written(new Generator({ kind: "video" }));
  const [track] = canvas.captureStream().getVideoTracks();
  if (track === undefined) throw new Error("This browser cannot film a canvas.");
  return { track, show: () => undefined };
}

class HandedOver implements Frames {
  readonly #reader: ReadableStreamDefaultReader<VideoFrame>;

  constructor({ readable }: { readable: ReadableStream<VideoFrame> }) {
    this.#reader = readable.getReader();
  }

  async next(): Promise<Frame | null> {
    const { value, done } = await this.#reader.read();
    if (done) return null;
    return {
      picture: value,
      width: value.displayWidth,
      height: value.displayHeight,
      close: () => value.close(),
    };
  }

  close(): void {
    void this.#reader.cancel().catch(() => undefined);
  }
}

class Watched implements Frames {
  readonly #camera: MediaStreamTrack;
  readonly #video = document.createElement("video");
  #isClosed = false;

  constructor(camera: MediaStreamTrack) {
    this.#camera = camera;
    this.#video.muted = this.#video.playsInline = true;
    this.#video.srcObject = new MediaStream([camera]);
    void this.#video.play().catch(() => undefined);
  }

  async next(): Promise<Frame | null> {
    do {
      await new Promise((resolve) => setTimeout(resolve, WAIT));
      if (this.#isClosed || this.#camera.readyState !== "live") return null;
    } while (this.#video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA);
    const { videoWidth: width, videoHeight: height } = this.#video;
    return { picture: this.#video, width, height, close: () => undefined };
  }

  close(): void {
    this.#isClosed = true;
    this.#video.pause();
    this.#video.srcObject = null;
  }
}

class Written implements Output {
  readonly track: MediaStreamTrack;
  readonly #writer: WritableStreamDefaultWriter<VideoFrame>;

  constructor(track: MediaStreamTrack & { writable: WritableStream<VideoFrame> }) {
    this.track = track;
    this.#writer = track.writable.getWriter();
  }

  show(canvas: HTMLCanvasElement): void {
    const frame = new VideoFrame(canvas, { timestamp: performance.now() * 1_000 });
    // It is gone when the track was stopped meanwhile.
    this.#writer.write(frame).catch(() => frame.close());
  }
}
