// Activity: the audit trail, its filters, its verification.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
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
  host = await startHost({ policies: { version: 1, packs: { blocked: ['content-marketing'] } } });
  await host.rpc('pluginPack:toggle', ['devops', false]);
  await host.rpc('pluginPack:toggle', ['devops', true]);
  await host.rpc('pluginPack:toggle', ['content-marketing', true]).catch(() => {});
  await host.rpc('pluginPack:scaffold', [{ name: 'mine', displayName: 'Mine' }]);
});
after(async () => {
  await closeBrowser();
  await host?.stop();
});

const open = async (options = {}) => {
  const page = await openPage(host, { ...options, route: 'activity' });
  await page.locator('.audit-line').first().waitFor();
  return page;
};
const cells = (page) =>
  page
    .locator('.audit-line')
    .evaluateAll((rows) => rows.map((row) => [...row.cells].slice(1).map((cell) => cell.innerText)));
const trail = async () => (await host.rpc('audit:query')).lines;

test('every line is shown, newest first, and the trail is said to be whole', { skip }, async () => {
  const page = await open();
  await page.getByText('The trail is whole').waitFor();
  const lines = (await trail()).reverse();
  assert.deepEqual(
    (await cells(page)).map(([operation, subject, actor, entry, verdict]) => [
      operation,
      subject,
      actor,
      entry,
      verdict,
    ]),
    lines.map(({ operation, subject, actor, entry, verdict }) => [operation, subject, actor, entry, verdict]),
  );
  const denied = (await cells(page)).find(([, , , , verdict]) => verdict === 'denied');
  assert.equal(denied[5], 'packs.blocked (user)');
  await page.finish();
});

test('a line opens to all that was written, and its hash before is that of the line before', { skip }, async () => {
  const page = await open();
  const line = (await trail()).find(({ verdict }) => verdict === 'denied');
  const opener = page.getByRole('button', { name: new RegExp(`^Line ${line.seq},`) });
  await opener.press('Enter');
  assert.equal(await opener.getAttribute('aria-expanded'), 'true');
  const details = page.locator(`#line-${line.seq}`);
  const text = await details.innerText();
  const expected = [
    line.time,
    line.id,
    line.hash,
    line.prev,
    `is that of line ${line.seq - 1}`,
    'policy-denied',
    'Refused by a rule',
    `${host.path('policies.json')}:${line.rule.line} (/packs/blocked/0)`,
    line.policyRevision,
  ];
  for (const part of expected) assert.ok(text.includes(part), `${part} in ${text}`);
  await opener.click();
  assert.equal(await details.count(), 0);
  await page.finish();
});

test('where another policy came into force, the lines are parted', { skip }, async () => {
  const page = await openPage(host, { route: 'chain' });
  const [line] = await trail();
  const lines = ['old', 'old', 'new', 'new', 'old'].map((policyRevision, i) => ({ ...line, seq: i + 1, policyRevision }));
  await stub(page, { 'audit:query': () => ({ lines, verified: true }) });
  await page.getByRole('link', { name: 'Activity' }).click();
  await page.locator('.audit-line').first().waitFor();
  await page.getByText('An edit of a policy file by hand is no operation and leaves no line').waitFor();
  const rows = await page.locator('.audit-table tbody tr').evaluateAll((all) => all.map((row) => row.className));
  assert.deepEqual(rows, ['audit-line', 'audit-other-policy', 'audit-line', 'audit-line', 'audit-other-policy', 'audit-line', 'audit-line']);
  await page.getByText('Another policy is in force from here on').first().waitFor();
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 900 });
    await assertAccessible(page, `another policy at ${width} px`);
    await assertNoSidewaysScroll(page, `another policy at ${width} px`);
    await screenshot(page, `activity-other-policy-light-${width}`);
  }
  await page.finish();
});

test('an edit of the policy by hand parts the lines around it', { skip }, async () => {
  const before = host.readText('policies.json');
  host.write('policies.json', { ...JSON.parse(before), general: { orgName: 'By hand' } });
  await until(async () => (await host.rpc('admin:policiesGet')).general.orgName === 'By hand', 'the policy');
  await host.rpc('pluginPack:toggle', ['devops', true]);
  const page = await open();
  assert.equal(await page.locator('.audit-table tbody tr').nth(1).innerText(), '↑ Another policy is in force from here on');
  await page.finish();
  host.write('policies.json', before);
});

test('the trail is filtered by operation, subject, verdict and time', { skip }, async () => {
  const page = await open();
  const lines = await trail();
  const shown = async (matches) => {
    const expected = lines.filter(matches).length;
    await until(async () => (await cells(page)).length === expected, `${expected} lines`);
  };
  await page.getByLabel('Operation').selectOption('pluginPack:toggle');
  await shown(({ operation }) => operation === 'pluginPack:toggle');
  await page.getByLabel('Verdict').selectOption('denied');
  await shown(({ operation, verdict }) => operation === 'pluginPack:toggle' && verdict === 'denied');
  await page.getByLabel('Verdict').selectOption('');
  await page.getByLabel('Operation').selectOption('');
  await page.getByLabel('Subject').fill('mine');
  await page.getByLabel('Subject').press('Enter');
  await shown(({ subject }) => subject === 'mine');
  await page.getByLabel('Subject').fill('nobody');
  await page.getByLabel('Subject').press('Tab');
  await page.getByText('No line matches').waitFor();
  await page.getByRole('button', { name: 'Show all lines' }).click();
  await shown(() => true);
  for (const period of ['Last hour', 'Last 24 hours', 'Last 7 days']) {
    await page.getByRole('combobox', { name: 'Time' }).selectOption(period);
    await shown(() => true);
  }
  await page.getByRole('combobox', { name: 'Time' }).selectOption('Since…');
  await page.getByLabel('Since', { exact: true }).fill('2999-01-01T00:00');
  await page.getByText('No line matches').waitFor();
  await page.getByLabel('Since', { exact: true }).fill('2020-01-01T00:00');
  await shown(() => true);
  await page.finish();
});

test('lines that come while a subject is typed do not take it away', { skip }, async () => {
  const page = await open();
  await page.getByLabel('Subject').fill('min');
  const newest = (await cells(page)).length;
  await host.rpc('pluginPack:toggle', ['devops', false]);
  await until(async () => (await cells(page)).length > newest, 'the new line');
  assert.equal(await page.getByLabel('Subject').inputValue(), 'min');
  await host.rpc('pluginPack:toggle', ['devops', true]);
  await page.finish();
});

test('a change by another client shows by itself; a refusal when asked anew', { skip }, async () => {
  const page = await open();
  const before = (await cells(page)).length;
  await host.rpc('pluginPack:toggle', ['people-ops', false]);
  await until(
    async () =>
      (await cells(page)).some(([operation, subject]) => operation === 'pluginPack:toggle' && subject === 'people-ops'),
    'the line',
  );
  assert.ok((await cells(page)).length > before);
  await host.rpc('pluginPack:toggle', ['content-marketing', true]).catch(() => {});
  await page.getByRole('button', { name: 'Refresh' }).click();
  const refused = (await trail()).length;
  await until(async () => (await cells(page)).length === refused, 'the refusal');
  await page.finish();
});

test('older lines come when asked for', { skip }, async () => {
  const page = await openPage(host, { route: 'chain' });
  const [line] = await trail();
  const many = Array.from({ length: 250 }, (_, i) => ({ ...line, seq: i + 1 }));
  const asked = await stub(page, { 'audit:query': ([{ limit }]) => ({ lines: many.slice(-limit), verified: true }) });
  await page.getByRole('link', { name: 'Activity' }).click();
  await page.getByText('The newest 100 are shown').waitFor();
  assert.equal((await cells(page)).length, 100);
  await page.getByRole('button', { name: 'Show older lines' }).click();
  await page.getByText('The newest 200 are shown').waitFor();
  await page.getByRole('button', { name: 'Show older lines' }).click();
  await until(async () => (await cells(page)).length === 250, 'all lines');
  assert.equal(await page.getByRole('button', { name: 'Show older lines' }).count(), 0);
  assert.deepEqual(
    asked.map(([, [{ limit }]]) => limit),
    [101, 201, 401],
  );
  await page.finish();
});

test('a trail that was changed says where', { skip }, async () => {
  const file = host.path('audit.jsonl');
  const before = readFileSync(file, 'utf8');
  writeFileSync(file, before.replace('"verdict":"denied"', '"verdict":"allowed"'));
  const page = await open();
  const alert = page.getByRole('alert').filter({ hasText: 'The trail is not what was written' });
  await alert.waitFor();
  const { firstBad } = await host.rpc('audit:query');
  const text = await alert.innerText();
  assert.ok(text.includes(firstBad.reason), text);
  assert.ok(text.includes(`${firstBad.file}:${firstBad.line}`), text);
  await assertAccessible(page, 'not verified');
  await screenshot(page, 'activity-not-whole-light-1280');
  writeFileSync(file, before);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText('The trail is whole').waitFor();
  await page.finish();
});

for (const theme of ['light', 'dark']) {
  for (const width of [1280, 360]) {
    test(`axe finds nothing in any state: ${theme}, ${width} px`, { skip }, async () => {
      const page = await open({ theme, width });
      const look = async (name) => {
        await assertAccessible(page, name);
        await assertNoSidewaysScroll(page, name);
        await screenshot(page, `activity-${name}-${theme}-${width}`);
      };
      await page.locator('.audit-opener').nth(1).click();
      await look('line');
      await page.getByLabel('Subject').fill('nobody');
      await page.getByLabel('Subject').press('Enter');
      await page.getByText('No line matches').waitFor();
      await look('no-match');
      await stub(page, {
        'audit:query': () => {
          throw { code: 'io', message: 'the trail cannot be read', why: 'a disk is away', try: 'cowork doctor' };
        },
      });
      await page.getByRole('button', { name: 'Refresh' }).click();
      await page.getByText('the trail cannot be read').waitFor();
      await look('error');
      await page.finish();
    });
  }
}
