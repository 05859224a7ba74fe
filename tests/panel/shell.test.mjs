// The frame of the console: session, navigation, density, theme, the state of the connection.
import assert from 'node:assert/strict';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { readFileSync, readdirSync } from 'node:fs';
import { assertAccessible, assertNoSidewaysScroll, closeBrowser, openPage, panel, screenshot, skip, startHost, until } from './harness.mjs';

let host;
before(async () => {
  if (!skip) host = await startHost();
});
after(async () => {
  await closeBrowser();
  await host?.stop();
});

const links = (page) => page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allTextContents();
const title = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor();

test('the code leaves the address and works once; a reload keeps the session', { skip }, async () => {
  const address = await host.openConsole();
  const page = await openPage(host, { address });
  await page.getByText('Connected', { exact: true }).waitFor();
  assert.equal(page.url(), `${host.url}/`);
  assert.doesNotMatch(await page.evaluate(() => JSON.stringify(localStorage) + document.cookie), /[0-9a-f]{64}/);
  await page.reload();
  await page.getByText('Connected', { exact: true }).waitFor();
  const other = await openPage(host, { address, allow: /403/ });
  await other.getByText('This page has no session with the host').waitFor();
  await other.getByText('cowork open').waitFor();
  await page.finish();
  await other.finish();
});

test('a code that comes into an open page is taken', { skip }, async () => {
  const page = await openPage(host, { session: false });
  await page.getByText('This page has no session with the host').waitFor();
  const { hash } = new URL(await host.openConsole());
  await page.evaluate((code) => (location.hash = code), hash);
  await page.getByText('Connected', { exact: true }).waitFor();
  await page.finish();
});

test('a session that the host does not know ends', { skip }, async () => {
  const page = await openPage(host, { session: false, allow: /401|WebSocket/ });
  await page.evaluate(() => sessionStorage.setItem('cowork.token', '0'.repeat(64)));
  await page.reload();
  await page.getByText('This page has no session with the host').waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.getItem('cowork.token')), null);
  await page.finish();
});

test('Admin Policies shows in Power density alone', { skip }, async () => {
  const page = await openPage(host, { density: 'comfortable' });
  await title(page, 'Customize');
  assert.deepEqual(await links(page), ['Customize', 'Activity', 'Chain']);
  await page.evaluate(() => (location.hash = '#/policies'));
  await page.getByText('Admin Policies shows in Power density', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Switch to Power density' }).click();
  await page.getByLabel('Organization Name').waitFor();
  assert.deepEqual(await links(page), ['Customize', 'Admin Policies', 'Activity', 'Chain']);
  await page.getByText('Display', { exact: true }).click();
  await page.getByRole('radio', { name: 'Comfortable' }).check({ force: true });
  await page.keyboard.press('Escape');
  await page.getByRole('radio', { name: 'Comfortable' }).waitFor({ state: 'hidden' });
  await page.getByText('Admin Policies shows in Power density', { exact: true }).waitFor();
  await page.finish();
});

test('the theme follows the system until one is chosen, and is kept', { skip }, async () => {
  const page = await openPage(host, { theme: 'system' });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await ground();
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await ground();
  assert.notEqual(light, dark);
  await page.getByText('Display', { exact: true }).click();
  await page.getByRole('radio', { name: 'Light' }).check({ force: true });
  assert.equal(await ground(), light);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.getByRole('radio', { name: 'Dark' }).check({ force: true });
  assert.equal(await ground(), dark);
  await page.reload();
  await page.getByText('Connected', { exact: true }).waitFor();
  assert.equal(await ground(), dark);
  await page.finish();
});

test('every page has its address, and the keyboard skips to the content', { skip }, async () => {
  const page = await openPage(host);
  for (const name of ['Admin Policies', 'Activity', 'Chain', 'Customize']) {
    await page.getByRole('link', { name, exact: true }).click();
    await title(page, name);
    assert.equal(await page.title(), `${name} · Cowork`);
    assert.equal(await page.getByRole('link', { name, exact: true }).getAttribute('aria-current'), 'page');
  }
  await page.goBack();
  await title(page, 'Chain');
  await page.reload();
  await title(page, 'Chain');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to content');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  await title(page, 'Chain');
  await page.finish();
});

test('a host that goes away is said, and a session that ended with it too', { skip }, async () => {
  const own = await startHost();
  const page = await openPage(own, { allow: /./ });
  await own.stop();
  await page.getByText('Host not reachable', { exact: true }).waitFor();
  await page.finish();
});

test('the frame for axe, in a narrow window and in pictures', { skip }, async () => {
  for (const theme of ['light', 'dark']) {
    for (const width of [1280, 360]) {
      const name = `shell-${theme}-${width}`;
      const page = await openPage(host, { theme, width, session: false, allow: /401/ });
      await page.getByText('This page has no session with the host').waitFor();
      await page.getByText('Display', { exact: true }).click();
      await screenshot(page, name);
      await assertAccessible(page, name);
      await assertNoSidewaysScroll(page, name);
      await page.finish();
    }
  }
});

test('the built files are small, and ask nobody else', { skip }, () => {
  const files = readdirSync(path.join(panel, 'dist'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const text = (file) => readFileSync(path.join(file.parentPath ?? file.path, file.name), 'utf8');
  const size = Buffer.byteLength(text(files.find(({ name }) => name === 'console.js')));
  assert.ok(size < 120_000, `${size} bytes`);
  for (const file of files.filter(({ name }) => /\.(html|css|js)$/.test(name))) {
    const addresses = [...text(file).matchAll(/https?:\/\/[^\s"'`)]*/g)].map(([address]) => address);
    const named = /^http:\/\/www\.w3\.org\/|^https:\/\/github\.com\/\$|^https?:\/\/(,|…|$)|example/;
    assert.deepEqual(addresses.filter((address) => !named.test(address)), [], file.name);
  }
  const page = text(files.find(({ name }) => name === 'index.html'));
  assert.doesNotMatch(page, /<style|\sstyle=|\son[a-z]+=|<script(?![^>]*src=)/);
});

test('whatever the host says is shown as text', { skip }, async () => {
  const page = await openPage(host, { route: 'policies' });
  await page.getByLabel('Organization Name').fill('<img src=x onerror="document.title=1">');
  await page.getByRole('combobox', { name: 'Blocked Packs' }).fill('<script>alert(1)</script>,');
  await page.getByText('“<script>alert(1)</script>” is no pack name').waitFor();
  await page.getByRole('button', { name: 'Save Policies' }).click();
  await page.getByText('Policies saved').waitFor();
  await page.reload();
  await until(async () => (await page.getByLabel('Organization Name').inputValue()) === '<img src=x onerror="document.title=1">');
  assert.equal(await page.locator('main img, main script').count(), 0);
  await page.finish();
});

test('the notice of what is built into the console comes with it', { skip }, () => {
  const notice = readFileSync(path.join(panel, 'node_modules/preact/LICENSE'), 'utf8');
  assert.match(notice, /Copyright \(c\) [^]*this permission notice shall be included/);
  assert.ok(readFileSync(path.join(panel, 'dist/assets/licenses.txt'), 'utf8').includes(notice));
});
