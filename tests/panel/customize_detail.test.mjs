// One pack in Customize: what it shows, its switches, update, verification, uninstalling.
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { stub } from './customize_stubs.mjs';
import { closeBrowser, openPage, root, skip, startHost, until } from './harness.mjs';

let host;
before(async () => {
  if (skip) return;
  host = await startHost({
    policies: {
      version: 1,
      packs: { blocked: ['content-marketing'], required: ['engineering'] },
      connectors: { blocked: ['osv-advisories'] },
    },
  });
});
after(async () => {
  await closeBrowser();
  await host?.stop();
});

const myWeek = path.join(root, 'sample-packs/user/my-week');
const install = () => host.rpc('pluginPack:install', [myWeek, { replace: true }]);
const show = async (name, options = {}) => {
  const page = await openPage(host, { ...options, route: `customize/${name}` });
  await page.locator('#detail-name').waitFor();
  return page;
};
const section = (page, title) =>
  page.locator('.detail-section').filter({ has: page.getByRole('heading', { name: title }) });
const fact = (page, name) =>
  page
    .locator('.fact')
    .filter({ has: page.getByText(name, { exact: true }) })
    .locator('dd');

test('a pack shows what it brings and where it comes from', { skip }, async () => {
  await install();
  const page = await show('my-week');
  const pack = await host.rpc('pluginPack:get', ['my-week']);
  assert.equal(await page.locator('#detail-name').textContent(), 'My Week');
  for (const command of pack.slashCommands)
    assert.match(await section(page, /^Commands 3$/).innerText(), new RegExp(`/${command.name}`));
  for (const skill of pack.skills)
    assert.match(await section(page, /^Skills 3$/).innerText(), new RegExp(skill.description));
  assert.match(await section(page, /^Agents 1$/).innerText(), new RegExp(pack.agentRoles[0].displayName));
  for (const text of pack.tryAsking)
    assert.equal(
      await section(page, /^Try asking/)
        .getByText(text, { exact: true })
        .count(),
      1,
    );
  assert.equal(
    await section(page, /^Recommended connectors/)
      .getByText('google-calendar')
      .count(),
    1,
  );
  assert.equal(await fact(page, 'Tier').textContent(), 'Yours');
  assert.equal(await fact(page, 'Directory').textContent(), pack.path);
  assert.equal(await fact(page, 'Source').textContent(), `directory ${myWeek}`);
  assert.equal(await fact(page, 'Installed').textContent(), pack.source.installedAt);
  const hash = fact(page, 'Tree SHA-256');
  assert.match(await hash.textContent(), new RegExp(`^${pack.source.treeSha256.slice(0, 16)}…`));
  await hash.getByRole('button', { name: 'Tree SHA-256: whole' }).click();
  assert.equal(await hash.locator('code').textContent(), pack.source.treeSha256);
  await hash.getByRole('button', { name: 'Copy Tree SHA-256' }).click();
  await page.getByText('Tree SHA-256 copied').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), pack.source.treeSha256);
  await page.finish();
});

test('a blocked pack says why, by rule, layer, file and line', { skip }, async () => {
  const page = await show('content-marketing-pack');
  const reason = page.locator('#detail-lock');
  await reason.getByText('packs.blocked').waitFor();
  const { rule } = await host.rpc('admin:explain', ['pluginPack:toggle', ['content-marketing-pack', true]]);
  assert.deepEqual(
    (await reason.innerText()).split('\n').filter((line) => line !== ''),
    [
      'Blocked by admin policy',
      'Pack "content-marketing-pack" is blocked by admin policy',
      `packs.blocked in ${host.path('policies.json')}:${rule.line} (user layer)`,
    ],
  );
  const switches = page.locator('.pack-detail').getByRole('switch');
  for (const one of await switches.all()) {
    assert.equal(await one.getAttribute('aria-checked'), 'false');
    assert.equal(await one.getAttribute('aria-disabled'), 'true');
    assert.equal(await one.getAttribute('aria-describedby'), 'detail-lock');
  }
  await page.finish();
});

test('where the organization has a name, it says whose rule it is', { skip }, async () => {
  const before = host.readText('policies.json');
  host.write('policies.json', { ...JSON.parse(before), general: { orgName: 'Acme Corp' } });
  const page = await show('content-marketing-pack');
  await page.locator('#detail-lock').getByText(/^packs\.blocked in .*:\d+ \(user layer\), set by Acme Corp$/).waitFor();
  host.write('policies.json', before);
  await page.locator('#detail-lock').getByText(/\(user layer\)$/).waitFor();
  await page.finish();
});

test(
  'a required pack and its skills are locked on, with the rule; a blocked connector is flagged',
  { skip },
  async () => {
    const page = await show('engineering-pack');
    await page.locator('#detail-lock').getByText('packs.required').waitFor();
    assert.match(
      await page.locator('#detail-lock').innerText(),
      /Required by admin policy[^]*cannot be disabled[^]*policies\.json:\d+/,
    );
    for (const one of await page.locator('.pack-detail').getByRole('switch').all()) {
      assert.equal(await one.getAttribute('aria-checked'), 'true');
      assert.equal(await one.getAttribute('aria-disabled'), 'true');
    }
    const connector = section(page, /^Connectors 2$/)
      .getByRole('listitem')
      .filter({ hasText: 'osv-advisories' });
    await connector.getByText('connectors.blocked').waitFor();
    assert.equal(await connector.getByText('Blocked', { exact: true }).count(), 1);
    assert.equal(
      await section(page, /^Connectors 2$/)
        .getByText('Blocked', { exact: true })
        .count(),
      1,
    );
    await page.finish();
  },
);

test('switches of a skill and of the pack apply at once, on disk too', { skip }, async () => {
  await install();
  const page = await show('my-week');
  const skill = page.getByRole('switch', { name: 'Enable skill Look back' });
  await skill.click();
  await until(
    () => host.read('pack-states.json').skills?.['my-week']?.['my-week-look-back'] === false,
    'the skill on disk',
  );
  await until(async () => (await skill.getAttribute('aria-checked')) === 'false', 'the switch');
  const whole = page.locator('.detail-head').getByRole('switch', { name: 'Enable My Week' });
  await whole.press('Space');
  await until(() => host.read('pack-states.json').packs?.['my-week'] === false, 'the pack on disk');
  await until(async () => (await whole.getAttribute('aria-checked')) === 'false', 'the switch');
  await page.finish();
});

test('a refused skill snaps back and says which rule', { skip }, async () => {
  await install();
  const page = await show('my-week');
  const old = await host.rpc('pluginPack:list');
  await stub(page, { 'pluginPack:list': () => old });
  const before = host.read('policies.json');
  await host.rpc('admin:policiesUpdate', [{ packs: { required: ['engineering', 'my-week'] } }]);
  const skill = page.getByRole('switch', { name: 'Enable skill Plan the week' });
  await skill.click();
  const alert = page.getByRole('alert').filter({ hasText: 'my-week' });
  await alert.waitFor();
  assert.match(
    await alert.innerText(),
    /required by admin policy[^]*packs\.required in .*policies\.json:\d+ \(user layer\)/,
  );
  await until(async () => (await skill.getAttribute('aria-checked')) === 'true', 'the switch back on');
  host.write('policies.json', before);
  await page.finish();
});

test('an update takes the pack anew from where it came from', { skip }, async () => {
  await install();
  const page = await show('my-week');
  await page.getByRole('button', { name: 'Update', exact: true }).click();
  await page.getByText('My Week is up to date').waitFor();
  await page.finish();
});

const entry = {
  id: 'my-week',
  name: 'my-week',
  displayName: 'My Week',
  version: '0.5.0',
  gitUrl: 'https://git.example.org/my-week.git',
  sha256: 'ef'.repeat(32),
};

test('an update that the registry knows of is installed from where the registry says', { skip }, async () => {
  await install();
  const page = await openPage(host, { route: 'activity' });
  let entries = [entry];
  const asked = await stub(page, {
    'pluginPack:checkUpdates': () => [{ name: 'my-week', currentVersion: '0.4.0', latestVersion: '0.5.0' }],
    'pluginPack:registrySearch': () => ({ total: 1, page: 1, pageSize: 20, results: entries }),
    'pluginPack:installGit': () => ({
      packName: 'my-week',
      manifest: { displayName: 'My Week', version: '0.5.0' },
      skillCount: 3,
      agentCount: 1,
    }),
  });
  await page.evaluate(() => (location.hash = '#/customize/my-week'));
  const button = page.getByRole('button', { name: 'Update to 0.5.0' });
  await button.click();
  await page.getByText('My Week 0.5.0 installed').waitFor();
  assert.deepEqual(
    asked.filter(([method]) => /install/.test(method)),
    [['pluginPack:installGit', [entry.gitUrl, { name: 'my-week', sha256: entry.sha256, replace: true }]]],
  );
  entries = [];
  await button.click();
  await page.locator('.install-failed').getByText('The registry has no pack "my-week" any more').waitFor();
  await page.finish();
});

test('verification says whether the files are those that were installed', { skip }, async () => {
  await install();
  const page = await show('my-week');
  await page.getByRole('button', { name: 'Verify files' }).click();
  await page.getByText('My Week is as it was installed').waitFor();
  appendFileSync(path.join(host.path('extensions/my-week'), 'README.md'), 'more\n');
  await page.getByRole('button', { name: 'Verify files' }).click();
  const alert = page.getByRole('alert').filter({ hasText: 'My Week was changed' });
  await alert.waitFor();
  await page.finish();
});

test('a pack of one’s own is uninstalled after a question, and only then', { skip }, async () => {
  await install();
  const page = await show('my-week');
  await page.getByRole('button', { name: 'Uninstall…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Uninstall My Week?' });
  assert.match(await dialog.innerText(), /can't be undone[^]*extensions\/my-week/);
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  assert.equal(await dialog.count(), 0);
  assert.equal(host.exists('extensions/my-week'), true);
  await page.getByRole('button', { name: 'Uninstall…' }).click();
  await dialog.getByRole('button', { name: 'Uninstall', exact: true }).click();
  await page.getByText('My Week uninstalled').waitFor();
  assert.equal(host.exists('extensions/my-week'), false);
  await until(async () => !(await page.locator('.pack-row a').allTextContents()).includes('My Week'), 'the row to go');
  assert.equal(new URL(page.url()).hash, '#/customize');
  await page.finish();
});

test('a pack that was required meanwhile is not uninstalled, and the dialog says why', { skip }, async () => {
  await install();
  const page = await show('my-week');
  const before = host.read('policies.json');
  const old = await host.rpc('pluginPack:list');
  await stub(page, { 'pluginPack:list': () => old });
  await page.getByRole('button', { name: 'Uninstall…' }).click();
  await host.rpc('admin:policiesUpdate', [{ packs: { required: ['engineering', 'my-week'] } }]);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Uninstall', exact: true }).click();
  await dialog.getByText('Pack "my-week" is required by admin policy and cannot be uninstalled').waitFor();
  assert.equal(host.exists('extensions/my-week'), true);
  host.write('policies.json', before);
  await page.finish();
});

test('a required pack of one’s own can’t be asked to go, and its button says why', { skip }, async () => {
  await install();
  const before = host.read('policies.json');
  host.write('policies.json', { ...before, packs: { ...before.packs, required: ['engineering', 'my-week'] } });
  const page = await show('my-week');
  await page.locator('#detail-lock').getByText('packs.required').waitFor();
  const button = page.getByRole('button', { name: 'Uninstall…' });
  assert.equal(await button.getAttribute('aria-disabled'), 'true');
  assert.equal(await button.getAttribute('aria-describedby'), 'detail-lock');
  await button.click({ force: true });
  assert.equal(await page.getByRole('dialog').count(), 0);
  host.write('policies.json', before);
  await until(async () => (await button.getAttribute('aria-disabled')) === null, 'the button');
  await page.finish();
});

test('an unknown pack says so; builtin packs offer no uninstalling', { skip }, async () => {
  const page = await openPage(host, { route: 'customize/no-such-pack' });
  await page.getByText('No pack “no-such-pack”').waitFor();
  await page.evaluate(() => (location.hash = '#/customize/devops-pack'));
  await page.getByRole('heading', { name: 'DevOps' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Uninstall…' }).count(), 0);
  await page.finish();
});

test('what the content scan found is listed as text, and how a quarantined pack is released', { skip }, async () => {
  await install();
  const real = await host.rpc('pluginPack:list', []);
  const findings = [
    { rule: 'hidden-text', severity: 'quarantined', path: 'notes.md', line: 3, message: '<b>hidden</b>' },
    { rule: 'machine-code', severity: 'quarantined', path: 'bin/run', message: 'a program' },
  ];
  const shown = async (change) => {
    const page = await openPage(host, { route: 'activity' });
    const list = real.map((pack) => (pack.name === 'my-week' ? { ...pack, ...change } : pack));
    await stub(page, { 'pluginPack:list': () => list });
    await page.evaluate(() => (location.hash = '#/customize/my-week'));
    await page.locator('#detail-name').waitFor();
    return page;
  };
  const scan = { verdict: 'quarantined', findings, omitted: 2, scannedAt: '2026-01-01T00:00:00Z' };
  const held = await shown({ state: 'quarantined', enabled: false, error: 'notes.md:3: <b>hidden</b>', scan });
  const banner = held.locator('.banner').filter({ hasText: 'Quarantined' });
  await banner.waitFor();
  assert.deepEqual(await banner.getByRole('listitem').allInnerTexts(), [
    'notes.md:3 <b>hidden</b>',
    'bin/run a program',
    'and 2 more',
  ]);
  assert.match(await banner.innerText(), /cowork pack quarantine release my-week$/);
  await held.finish();
  const warned = await shown({ scan: { verdict: 'warning', findings: findings.slice(1), scannedAt: scan.scannedAt } });
  await warned.getByText('The content scan has warnings').waitFor();
  assert.equal(await warned.locator('.scan-findings').innerText(), 'bin/run a program');
  await warned.finish();
});
