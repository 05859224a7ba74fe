// Builds dist/ (or the directory that is named) from src/. The same sources give the same bytes: no time, no path, no hash goes into the output.
import { build } from 'esbuild';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const target = path.resolve(process.argv[2] ?? path.join(root, 'dist'));
const browsers = ['chrome123', 'firefox121', 'safari17.5'];
const shared = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  sourcemap: false,
  logLevel: 'warning',
};

await mkdir(path.join(target, 'client'), { recursive: true });

await build({
  ...shared,
  entryPoints: { 'assets/console': 'src/main.tsx' },
  outdir: target,
  format: 'esm',
  target: browsers,
  jsx: 'automatic',
  jsxImportSource: 'preact',
});

// A classic script, a module and a CommonJS file at once; Node's import finds the name by the annotation in the footer.
await build({
  ...shared,
  entryPoints: ['src/client/electron-api.ts'],
  outfile: path.join(target, 'client/electron-api.js'),
  format: 'iife',
  globalName: 'coworkClient',
  platform: 'neutral',
  external: ['node:net'],
  target: 'es2020',
  footer: {
    js: 'if (typeof module === "object" && module.exports) module.exports = coworkClient;\n0 && (module.exports = { createElectronAPI });',
  },
});

// Whoever ships the console ships the notices of what is in it.
const notice = await readFile(path.join(root, 'node_modules/preact/LICENSE'), 'utf8');
await writeFile(path.join(target, 'assets/licenses.txt'), `The console has Preact in it, https://preactjs.com/\n\n${notice}`);

await cp(`${root}src/index.html`, path.join(target, 'index.html'));
await cp(`${root}src/client/types/electron-api.d.ts`, path.join(target, 'client/electron-api.d.ts'));
