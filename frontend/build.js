// Builds what the site serves to browsers, and the manifest that says what each file is made of.
//
//   npm ci && npm run build
//
// gives the committed files byte for byte: every package is held to its version by
// package-lock.json. Files go to src/conflictkg/web/static: js/ (our scripts with what they import),
// vendor/ (files of packages as they are, and the licences), data/ (the base map). Another folder can
// be named: npm run build -- FOLDER.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { geojson, svg } from "./base.js";

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(process.argv[2] ?? join(here, "../src/conflictkg/web/static"));
const modules = join(here, "node_modules");
const COPIED = {
  "vendor/maplibre-gl-csp.js": "maplibre-gl/dist/maplibre-gl-csp.js",
  "vendor/maplibre-gl-csp-worker.js": "maplibre-gl/dist/maplibre-gl-csp-worker.js",
  "vendor/maplibre-gl.css": "maplibre-gl/dist/maplibre-gl.css",
};

// What MapLibre names as a dependency and does not have in its files: types, and a tool for styles.
const NOT_INSIDE = /^@types\/|jsonlint/;

const files = {}; // path below static -> { sha256, bytes, packages }
const packages = {}; // name -> { version, license, text }

function write(path, content, made) {
  mkdirSync(dirname(join(target, path)), { recursive: true });
  writeFileSync(join(target, path), content);
  const bytes = Buffer.from(content);
  files[path] = {
    sha256: createHash("sha256").update(bytes).digest("hex"),
    bytes: bytes.length,
    packages: [...made].sort(),
  };
  made.forEach(note);
  const packed = gzipSync(bytes, { level: 9 }).length;
  console.log(`${path}: ${Math.round(bytes.length / 1000)} kB, ${Math.round(packed / 1000)} kB with gzip`);
}

// Notes a package: its version, its licence, and where the text of the licence is kept.
function note(name) {
  if (packages[name]) return;
  const folder = join(modules, name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const all = readdirSync(folder);
  const found = all.find((file) => /^licen[cs]e/i.test(file)) ?? all.find((file) => /^readme/i.test(file));
  if (!found || !license) throw new Error(`${name} brings no licence`);
  const text = `vendor/licenses/${name.replace("@", "").replace("/", "-")}.txt`;
  packages[name] = { version, license, text };
  mkdirSync(join(target, "vendor/licenses"), { recursive: true });
  writeFileSync(join(target, text), readFileSync(join(folder, found)));
}

// The package that a file below node_modules belongs to.
function packageOf(path) {
  const parts = relative(modules, join(here, path)).split("/");
  return parts[0].startsWith("@") ? parts.slice(0, 2).join("/") : parts[0];
}

for (const folder of ["js", "vendor", "data"]) {
  rmSync(join(target, folder), { recursive: true, force: true });
}

const built = await esbuild.build({
  absWorkingDir: here,
  entryPoints: ["src/query.js", "src/map.js", "src/network.js"],
  outdir: join(target, "js"),
  bundle: true, minify: true, format: "esm", target: "es2022", charset: "utf8",
  legalComments: "none", metafile: true, write: false, logLevel: "warning",
});
for (const { path, contents } of built.outputFiles) {
  const name = relative(target, path);
  const { inputs } = Object.entries(built.metafile.outputs)
    .find(([output]) => resolve(here, output) === path)[1];
  const made = Object.entries(inputs)
    .filter(([input, { bytesInOutput }]) => input.startsWith("node_modules/") && bytesInOutput)
    .map(([input]) => packageOf(input));
  write(name, contents, new Set(made));
}
for (const [path, source] of Object.entries(COPIED)) {
  const name = source.split("/")[0];
  const { dependencies } = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8"));
  const inside = path.endsWith(".css") ? [] : Object.keys(dependencies);
  const made = [name, ...inside.filter((one) => !NOT_INSIDE.test(one))];
  write(path, readFileSync(join(modules, source)), new Set(made));
}
write("data/base.geojson", geojson(), new Set(["world-atlas"]));
write("data/base.svg", svg(), new Set(["world-atlas"]));

const sorted = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(join(target, "manifest.json"),
  JSON.stringify({ files: sorted(files), packages: sorted(packages) }, null, 1) + "\n");
