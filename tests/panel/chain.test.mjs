// Chain: the interceptors in order, for all operations or one, and the times of the last traced call.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { stub } from './customize_stubs.mjs';
import {
  assertAccessible,
  assertNoSidewaysScroll,
  closeBrowser,
  openPage,
  screenshot,
  skip,
  startHost,
  until,
} from './harness.mjs';

let host;
before(async () => {
  if (skip) return;
  host = await startHost();
});
after(async () => {
  await closeBrowser();
  await host?.stop();
});

const open = async (options = {}) => {
  const page = await openPage(host, { ...options, route: 'chain' });
  await page.getByRole('heading', { name: 'observe' }).waitFor();
  return page;
};
const steps = (page) =>
  page
    .locator('.phase')
    .evaluateAll((phases) =>
      phases.map((phase) => [
        phase.querySelector('h2').textContent,
        ...[...phase.querySelectorAll('.step-name')].map((name) => name.firstChild.textContent.trim()),
      ]),
    );

test('interceptors stand under their phases, outermost first, and the handler last', { skip }, async () => {
  const page = await open();
  assert.deepEqual(await steps(page), [
    ['observe', 'audit'],
    ['application'],
    ['policy', 'admin-policy', 'content-scan'],
    ['handler', 'handler'],
  ]);
  const chain = await host.rpc('host:chain');
  const policy = page.locator('.step').filter({ hasText: 'admin-policy' });
  await policy.locator('summary').click();
  assert.deepEqual(await policy.locator('.operation-names code').allTextContents(), chain[1].operations);
  await page.finish();
});

test('for one operation only those stand there that see it', { skip }, async () => {
  const page = await open();
  await page.getByLabel('Operation').selectOption('pluginPack:list');
  assert.deepEqual(await steps(page), [
    ['observe', 'audit'],
    ['application'],
    ['policy'],
    ['handler', 'pluginPack:list'],
  ]);
  await page.getByLabel('Operation').selectOption('pluginPack:toggle');
  assert.deepEqual(await steps(page), [
    ['observe', 'audit'],
    ['application'],
    ['policy', 'admin-policy', 'content-scan'],
    ['handler', 'pluginPack:toggle'],
  ]);
  await page.getByLabel('Operation').selectOption('');
  await page.finish();
});

test('tracing is off until it is switched on, and shows the times of the last call', { skip }, async () => {
  const page = await open();
  const trace = page.getByRole('switch', { name: 'Trace calls' });
  await until(async () => (await trace.getAttribute('aria-checked')) === 'false', 'the switch');
  assert.equal(await page.locator('.step-time').count(), 0);
  await trace.press('Space');
  await until(async () => (await trace.getAttribute('aria-checked')) === 'true', 'the switch');
  assert.equal((await host.rpc('host:trace')).enabled, true);
  await host.rpc('pluginPack:list');
  await page.getByLabel('Operation').selectOption('pluginPack:list');
  await page.locator('.last-call').filter({ hasText: 'pluginPack:list' }).waitFor();
  assert.match(
    await page.locator('.last-call').innerText(),
    /Last traced call: pluginPack:list at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d, [\d.]+ (µs|ms) succeeded/,
  );
  const handler = page.locator('.phase').last().locator('.step').last();
  assert.match(await handler.innerText(), /pluginPack:list[^]*[\d.]+ (µs|ms)/);
  await trace.click();
  await until(async () => (await host.rpc('host:trace')).enabled === false, 'tracing off');
  await until(async () => (await trace.getAttribute('aria-checked')) === 'false', 'the switch');
  await page.finish();
});

test('what the page itself asks for is no last call', { skip }, async () => {
  const page = await open();
  const trace = page.getByRole('switch', { name: 'Trace calls' });
  await trace.click();
  await until(async () => (await trace.getAttribute('aria-checked')) === 'true', 'the switch');
  const read = page.waitForRequest((request) => request.postData()?.includes('"host:chain"'));
  await host.rpc('pluginPack:toggle', ['devops', false]);
  await read;
  await page.locator('.last-call').filter({ hasText: 'pluginPack:toggle' }).waitFor();
  // Asked once more: what the page read in between stays out.
  await page.waitForResponse((response) => response.request().postData()?.includes('"host:trace"'));
  assert.match(await page.locator('.last-call').innerText(), /Last traced call: pluginPack:toggle at /);
  await host.rpc('pluginPack:toggle', ['devops', true]);
  await host.rpc('host:trace', [{ enabled: false }]);
  await page.finish();
});

const failedCall = {
  operation: 'pluginPack:toggle',
  id: 7,
  finishedAt: '2026-01-02T03:04:05Z',
  ok: false,
  code: 'policy-denied',
  steps: [
    { name: 'audit', phase: 'observe', micros: 20 },
    { name: 'admin-policy', phase: 'policy', micros: 10 },
    { name: 'judges', phase: 'judges', micros: 30 },
    { name: 'handler', phase: 'handler', micros: 40 },
  ],
};

test('a refused call shows its code, the judges and the share of each step', { skip }, async () => {
  const page = await openPage(host, { route: 'activity' });
  await stub(page, { 'host:trace': () => ({ enabled: true, last: failedCall }) });
  await page.getByRole('link', { name: 'Chain' }).click();
  await page.locator('.last-call').getByText('policy-denied').waitFor();
  assert.match(await page.locator('.last-call').innerText(), /100 µs/);
  await page.locator('.step-time').first().waitFor();
  assert.deepEqual(await page.locator('.step-time').allInnerTexts(), ['20 µs', '10 µs', '30 µs', '40 µs']);
  const shares = await page
    .locator('.step-bar')
    .evaluateAll((bars) => bars.map((bar) => bar.style.getPropertyValue('--share')));
  assert.deepEqual(shares, ['0.2', '0.1', '0.3', '0.4']);
  assert.equal(await page.getByText('judges', { exact: true }).count(), 1);
  await page.getByLabel('Operation').selectOption('pluginPack:list');
  assert.equal(await page.locator('.step-time').count(), 0, 'times of another operation are not shown');
  await page.finish();
});

for (const theme of ['light', 'dark']) {
  for (const width of [1280, 360]) {
    test(`axe finds nothing in any state: ${theme}, ${width} px`, { skip }, async () => {
      const page = await open({ theme, width });
      const look = async (name) => {
        await assertAccessible(page, name);
        await assertNoSidewaysScroll(page, name);
        await screenshot(page, `chain-${name}-${theme}-${width}`);
      };
      await page.locator('.step summary').first().click();
      await look('all');
      await page.getByRole('link', { name: 'Activity' }).click();
      await stub(page, { 'host:trace': () => ({ enabled: true, last: failedCall }) });
      await page.getByRole('link', { name: 'Chain' }).click();
      await page.locator('.last-call').waitFor();
      await page.getByLabel('Operation').selectOption('pluginPack:toggle');
      await look('traced');
      await page.getByRole('link', { name: 'Activity' }).click();
      const away = () => {
        throw { code: 'io', message: 'the chain cannot be read', why: 'a disk is away', try: 'cowork doctor' };
      };
      await stub(page, { 'host:chain': away, 'host:trace': away });
      await page.getByRole('link', { name: 'Chain' }).click();
      await page.getByText('the chain cannot be read').first().waitFor();
      await look('error');
      await page.finish();
    });
  }
}
