// A running host and a browser for the tests of the console and of the JavaScript client.
//
// COWORK names the program (else the one of the development build), CHROMIUM the browser, COWORK_SCREENSHOTS a directory
// for pictures (none are taken without it). COWORK_DIST=1 shows the scripts and styles of apps/panel/dist instead of
// those that were built into the program, so that work on a page needs no C++ build.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
export const root = path.resolve(here, '../..');
export const panel = path.join(root, 'apps/panel');
const program = process.env.COWORK ?? path.join(root, 'build/dev/apps/cli/cowork');
const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const require = createRequire(path.join(panel, 'package.json'));
const deadlineMs = 20_000;

function missing() {
  if (!existsSync(program)) return `no program at ${program}`;
  if (!existsSync(path.join(panel, 'dist/index.html'))) return 'the console is not built';
  if (!existsSync(path.join(panel, 'node_modules/playwright-core'))) return 'apps/panel has no node_modules: npm ci';
  if (!existsSync(chromiumPath)) return `no browser at ${chromiumPath}`;
  return undefined;
}

/** For `test(name, { skip }, …)`: why no test of a page can run here, or false. */
export const skip = (() => {
  const reason = missing();
  if (reason) console.log(`SKIPPED: ${reason}`);
  return reason ?? false;
})();

/** Why a machine policy cannot be tried here, or false. Its place is fixed, so it is mounted for one process alone. */
export const skipMachine = (() => {
  if (skip) return skip;
  if (spawnSync('unshare', ['-m', 'true']).status === 0) return false;
  console.log('SKIPPED: a machine policy needs root and mount namespaces');
  return 'needs root and mount namespaces';
})();

/** Waits until `probe` gives something that is neither undefined, null nor false, and returns it. */
export async function until(probe, what = 'the condition', ms = deadlineMs) {
  const end = Date.now() + ms;
  let fault;
  for (;;) {
    try {
      const found = await probe();
      if (found !== undefined && found !== null && found !== false) return found;
    } catch (error) {
      if (error.final) throw error;
      fault = error;
    }
    if (Date.now() > end) throw new Error(`${what} did not come true within ${ms} ms${fault ? `: ${fault.message}` : ''}`);
    await new Promise((resume) => setTimeout(resume, 25));
  }
}

/** One call over the Unix socket; resolves to the whole JSON-RPC response. */
export function callSocket(socketPath, method, params = []) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(socketPath);
    let text = '';
    socket.setEncoding('utf8');
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the host closed the connection')));
    socket.on('data', (part) => {
      text += part;
      if (!text.includes('\n')) return;
      resolve(JSON.parse(text));
      socket.destroy();
    });
    socket.write(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) + '\n');
  });
}

// A test that forgets its host neither hangs nor leaves it behind.
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

const machineScript =
  'mount -t tmpfs -o mode=755 tmpfs /etc && mkdir /etc/cowork && cp "$MACHINE_POLICY" /etc/cowork/policies.json && ' +
  'chmod 644 /etc/cowork/policies.json && exec "$@"';

function plant(directory, packs) {
  for (const [name, files] of Object.entries(packs)) {
    for (const [file, content] of Object.entries(files)) {
      const target = path.join(directory, name, file);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
    }
  }
}

/**
 * Starts `cowork serve` on a home of its own.
 *
 * `policies`: document (or text) of policies.json. `machine`: document of the machine layer. `builtin`: directory of the
 * builtin packs (default: the sample packs). `extensions`, `organization`: `{directory: {file: document or text}}`.
 * `pages`: directory of the application's pages. `before(home)`: runs before the start. `settings`: host.json.
 */
export async function startHost(options = {}) {
  const directory = mkdtempSync(path.join(tmpdir(), 'cowork-panel-'));
  const home = path.join(directory, 'home');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const file = (name) => path.join(home, name);
  const text = (document) => (typeof document === 'string' ? document : JSON.stringify(document, null, 2) + '\n');
  if (options.policies !== undefined) writeFileSync(file('policies.json'), text(options.policies));
  if (options.settings !== undefined) writeFileSync(file('host.json'), text(options.settings));
  if (options.extensions) plant(file('extensions'), options.extensions);
  if (options.organization) plant(file('org-plugins'), options.organization);
  options.before?.(home);

  const socket = path.join(directory, 'host.sock');
  const builtin = options.builtin ?? path.join(root, 'sample-packs/builtin');
  const words = [program, 'serve', '--home', home, '--builtin', builtin, '--socket', socket, '--http'];
  if (options.pages) words.push('--pages', options.pages);
  const environment = { PATH: process.env.PATH, HOME: directory, XDG_RUNTIME_DIR: directory, NO_COLOR: '1', LANG: 'C.UTF-8' };
  if (options.machine !== undefined) {
    environment.MACHINE_POLICY = path.join(directory, 'machine.json');
    writeFileSync(environment.MACHINE_POLICY, text(options.machine));
    words.unshift('unshare', '-m', 'sh', '-c', machineScript, 'sh');
  }
  const child = spawn(words[0], words.slice(1), { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.on('data', (part) => (said += part));
  child.stderr.on('data', (part) => (said += part));
  for (const handle of [child, child.stdout, child.stderr]) handle.unref();
  running.add(child);
  child.on('exit', () => running.delete(child));
  let ended;
  const end = new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve((ended = { code, signal })));
    child.on('error', (error) => resolve((ended = { error, said: (said += error.message) })));
  });

  const rpc = async (method, params = []) => {
    const reply = await callSocket(socket, method, params);
    if (reply.error) throw Object.assign(new Error(reply.error.message), { data: reply.error.data });
    return reply.result;
  };
  const openConsole = async () => (await rpc('host:openConsole')).url;
  const stop = async () => {
    if (!ended) child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 5000);
    await end;
    clearTimeout(late);
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const first = await until(async () => {
      if (ended) throw Object.assign(new Error(`cowork serve ended: ${said}`), { final: true });
      return openConsole();
    }, `cowork serve (${said})`);
    return {
      home,
      directory,
      socket,
      url: new URL(first).origin,
      token: () => readFileSync(socket.replace(/\.sock$/, '.token'), 'utf8').trim(),
      output: () => said,
      rpc,
      openConsole,
      stop,
      path: file,
      exists: (name) => existsSync(file(name)),
      read: (name) => JSON.parse(readFileSync(file(name), 'utf8')),
      readText: (name) => readFileSync(file(name), 'utf8'),
      write: (name, document) => writeFileSync(file(name), text(document)),
    };
  } catch (error) {
    child.kill('SIGKILL');
    await end;
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
}

let browser;

async function openBrowser() {
  const { chromium } = require('playwright-core');
  // One process at a time on a small machine; the sandbox of the browser does not work for root.
  browser ??= chromium.launch({ executablePath: chromiumPath, args: process.getuid() === 0 ? ['--no-sandbox'] : [] });
  return browser;
}

export async function closeBrowser() {
  if (browser) await (await browser).close();
  browser = undefined;
}

async function serveDist(context, host) {
  await context.route(
    (address) => address.origin === host.url && /^\/(assets|client)\//.test(address.pathname),
    async (route) => {
      const response = await route.fetch();
      const name = new URL(route.request().url()).pathname;
      const { 'content-length': _, etag: __, ...headers } = response.headers();
      await route.fulfill({ status: response.status(), headers, body: readFileSync(path.join(panel, 'dist', name)) });
    },
  );
}

/**
 * Opens the console at `route` (such as `policies`), with a session unless `session: false`. `page.faults` gathers what
 * the page complained about; `page.finish()` closes it and fails where there was anything. A test that provokes complaints
 * of the network itself names them in `allow` (a RegExp). `silent`: no events reach the page.
 */
export async function openPage(host, options = {}) {
  const { route = 'customize', density = 'power', theme = 'light', width = 1280, height = 900, session = true, allow, silent } = options;
  const context = await (await openBrowser()).newContext({ viewport: { width, height }, reducedMotion: 'reduce' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await context.addInitScript(
    ([settings]) => {
      if (!localStorage.getItem('cowork.settings')) localStorage.setItem('cowork.settings', settings);
    },
    [JSON.stringify({ theme, density })],
  );
  if (silent) await context.routeWebSocket('**/events', (socket) => socket.connectToServer().onMessage(() => {}));
  if (process.env.COWORK_DIST) await serveDist(context, host);
  const page = await context.newPage();
  page.setDefaultTimeout(deadlineMs);
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // A browser looks for an icon by itself where a page names none.
    if (message.location().url.endsWith('/favicon.ico')) return;
    if (message.type() === 'error' && !allow?.test(message.text())) page.faults.push(`console: ${message.text()}`);
  });
  page.finish = async () => {
    await context.close();
    assert.deepEqual(page.faults, []);
  };
  await page.goto(options.address ?? (session ? await host.openConsole() : `${host.url}/`));
  if (options.address === undefined && session) {
    await page.getByText('Connected', { exact: true }).waitFor();
    await page.evaluate((target) => (location.hash = target), `#/${route}`);
  }
  return page;
}

/** Fails with the list of what axe-core finds on the page as it stands. */
export async function assertAccessible(page, what = '') {
  const source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html, any }) => `${html} ${any.map(({ message }) => message).join('; ')}`).join(' | ')}`);
  assert.deepEqual(found, [], what);
}

/** A picture of the page, where COWORK_SCREENSHOTS asks for pictures. */
export async function screenshot(page, name, options = {}) {
  const directory = process.env.COWORK_SCREENSHOTS;
  if (!directory) return;
  mkdirSync(directory, { recursive: true });
  await page.screenshot({ path: path.join(directory, `${name}.png`), fullPage: true, ...options });
}

/** Fails when the page is wider than its window. */
export async function assertNoSidewaysScroll(page, what = '') {
  const { content, view } = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    view: document.documentElement.clientWidth,
  }));
  assert.ok(content <= view, `${what} is ${content} px wide in a window of ${view} px`);
}

/** A copy of the sample builtin packs in `directory`, for tests that change them. */
export function copyBuiltin(directory) {
  cpSync(path.join(root, 'sample-packs/builtin'), directory, { recursive: true });
  return directory;
}
