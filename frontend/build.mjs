/* Makes static/build/: one self-contained file per entry, the icons in use, and the licences.
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
  "app-css": "static/css/app.css",
};

function options() {
  return {
    absWorkingDir: ROOT,
    entryPoints: [
      { in: ENTRIES.app, out: "app" },
      { in: ENTRIES.guest, out: "guest" },
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

/* Whatever the bundles took from node_modules, and the icons, with the full text of its licence. */
async function collectLicences(metafile) {
  const packages = new Set(["lucide-static"]);
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
  const text = await readFile(join(folder, "LICENSE"), "utf8");
  return `${name} ${version} (${license})\n\n${text}`;
}

const afterwards = {
  name: "icons-and-licences",
  setup(build) {
    build.onEnd(async ({ errors, metafile }) => {
      if (errors.length === 0) await Promise.all([copyIcons(), collectLicences(metafile)]);
    });
  },
};

if (process.argv.includes("--watch")) {
  const context = await esbuild.context({ ...options(), plugins: [afterwards] });
  await context.watch();
} else {
  await esbuild.build({ ...options(), plugins: [afterwards] });
}
