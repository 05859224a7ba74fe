// The list of Customize: groups, search, filters, switches, and what changes while it is open.
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { noRegistry, stub } from './customize_stubs.mjs';
import { closeBrowser, openPage, root, skip, startHost, until } from './harness.mjs';

let host;
const pack = (name, more = {}) => ({
  'cowork.plugin.json': {
    name,
    displayName: name,
    version: '1.0.0',
    description: `About ${name}`,
    type: 'pack',
    skills: [{ id: `${name}-skill`, name: `Skill of ${name}`, description: 'Does something', prompt: 'Do it' }],
    ...more,
  },
});

before(async () => {
  if (skip) return;
  host = await startHost({
    policies: {
      version: 1,
      packs: { blocked: ['content-marketing'], required: ['engineering'] },
      general: { orgName: 'Acme Corp' },
    },
    organization: { sales: pack('company-sales', { category: 'Sales' }) },
    extensions: { mine: pack('mine', { displayName: 'Mine', category: 'Personal' }) },
  });
});
after(async () => {
  await closeBrowser();
  await host?.stop();
});

const rowNames = (page) => page.locator('.pack-row a').allTextContents();
const switchOf = (page, name) =>
  page.locator('.pack-list').getByRole('switch', { name: `Enable ${name}`, exact: true });
const isOn = async (page, name) => (await switchOf(page, name).getAttribute('aria-checked')) === 'true';
const open = async (options) => {
  const page = await openPage(host, options);
  await page.getByRole('heading', { name: /^Builtin/ }).waitFor();
  return page;
};
const savedPacks = () => (host.exists('pack-states.json') ? (host.read('pack-states.json').packs ?? {}) : {});

test('packs stand in groups with counts, the organization by its name', { skip }, async () => {
  const page = await open();
  assert.deepEqual(await page.locator('.pack-group h2').allTextContents(), [
    'Builtin 12',
    'Organization Acme Corp 1',
    'Yours 1',
  ]);
  assert.equal((await rowNames(page)).length, 14);
  await page.finish();
});

test('/ goes to the search, which looks into skills too; no match offers all again', { skip }, async () => {
  const page = await open();
  await page.keyboard.press('/');
  await page.keyboard.type('symptom');
  await until(async () => (await rowNames(page)).length === 1, 'one pack');
  assert.deepEqual(await rowNames(page), ['Engineering']);
  assert.equal(await page.getByText('Skill: Bug hunt').count(), 1);
  assert.deepEqual(await page.locator('.pack-group h2').allTextContents(), ['Builtin 1 of 12']);
  assert.equal(await page.getByRole('status').filter({ hasText: '1 of 14 packs' }).count(), 1);
  await page.keyboard.type('/nothing');
  await page.getByText('No pack matches').waitFor();
  await page.getByRole('button', { name: 'Show all packs' }).click();
  assert.equal((await rowNames(page)).length, 14);
  assert.equal(await page.getByRole('searchbox').inputValue(), '');
  await page.finish();
});

test('each filter narrows the list and says how many it has', { skip }, async () => {
  const page = await open();
  const press = (name) => page.getByRole('button', { name: new RegExp(`^${name}`) }).click();
  const cases = [
    ['Blocked', 1, ['Content Marketing']],
    ['Required', 1, ['Engineering']],
    ['Disabled', 0, []],
    ['Errors', 0, []],
    ['Updates', 0, []],
  ];
  for (const [name, count, names] of cases) {
    const button = page.getByRole('button', { name: `${name} ${count}` });
    await button.click();
    assert.equal(await button.getAttribute('aria-pressed'), 'true');
    assert.deepEqual(await rowNames(page), names, name);
    await button.click();
  }
  await press('Enabled');
  assert.equal((await rowNames(page)).length, 13);
  await press('Required');
  assert.deepEqual(await rowNames(page), ['Engineering']);
  await press('Enabled');
  await press('Required');
  await page.getByLabel('Category').selectOption('Personal');
  assert.deepEqual(await rowNames(page), ['Mine']);
  await page.getByLabel('Category').selectOption('');
  assert.equal((await rowNames(page)).length, 14);
  await page.finish();
});

test('a switch applies at once, on disk too', { skip }, async () => {
  const page = await open();
  await switchOf(page, 'DevOps').click();
  await until(() => savedPacks()['devops-pack'] === false, 'pack-states.json');
  await until(async () => !(await isOn(page, 'DevOps')), 'the switch');
  await switchOf(page, 'DevOps').click();
  await until(() => savedPacks()['devops-pack'] === true, 'pack-states.json');
  await until(() => isOn(page, 'DevOps'), 'the switch');
  await page.finish();
});

test('a switch that the policy locks stays, asks nobody, and says why', { skip }, async () => {
  const page = await open();
  const asked = await stub(page, { 'pluginPack:toggle': () => ({}) });
  const cases = [
    ['Engineering', true, 'Required by admin policy'],
    ['Content Marketing', false, 'Blocked by admin policy'],
  ];
  for (const [name, on, reason] of cases) {
    const button = switchOf(page, name);
    assert.equal(await button.getAttribute('aria-disabled'), 'true');
    const described = await button.getAttribute('aria-describedby');
    assert.equal(await page.locator(`#${described}`).textContent(), reason);
    await button.click({ force: true });
    await button.press('Space');
    assert.equal(await isOn(page, name), on);
  }
  assert.deepEqual(asked, []);
  await page.finish();
});

test('a refusal snaps the switch back and says which rule', { skip }, async () => {
  const page = await open();
  // What the page knows is older than the policy: that is when a refusal can still come.
  const old = await host.rpc('pluginPack:list');
  await stub(page, { 'pluginPack:list': () => old });
  const before = host.read('policies.json');
  await host.rpc('admin:policiesUpdate', [{ packs: { required: ['engineering', 'finance'] } }]);
  const states = JSON.stringify(savedPacks());
  await switchOf(page, 'Finance').click();
  const alert = page.getByRole('alert').filter({ hasText: 'Finance'.toLowerCase() });
  await alert.waitFor();
  const text = await alert.innerText();
  assert.match(text, /Pack "finance-pack" is required by admin policy and cannot be disabled/);
  assert.match(text, /packs\.required in .*policies\.json:\d+ \(user layer\)/);
  await until(() => isOn(page, 'Finance'), 'the switch back on');
  assert.equal(JSON.stringify(savedPacks()), states);
  await alert.getByRole('button', { name: 'Dismiss' }).click();
  host.write('policies.json', before);
  await page.finish();
});

test('what others do shows by itself: a hand-edited policy, another client, a new pack', { skip }, async () => {
  const page = await open();
  const before = host.read('policies.json');
  host.write('policies.json', { ...before, packs: { ...before.packs, blocked: ['content-marketing', 'security'] } });
  await page.locator('.pack-row').filter({ hasText: 'Security' }).getByText('Blocked', { exact: true }).waitFor();
  assert.equal(await isOn(page, 'Security'), false);
  host.write('policies.json', before);
  await until(() => isOn(page, 'Security'), 'Security enabled again');

  await host.rpc('pluginPack:toggle', ['people-ops', false]);
  await until(async () => !(await isOn(page, 'People Operations')), 'the switch of another client');
  await host.rpc('pluginPack:toggle', ['people-ops', true]);

  await host.rpc('pluginPack:scaffold', [{ name: 'just-made', displayName: 'Just made' }]);
  await page.getByRole('link', { name: 'Just made' }).waitFor();
  await host.rpc('pluginPack:uninstall', ['just-made']);
  await until(async () => !(await rowNames(page)).includes('Just made'), 'the pack to go');
  await page.finish();
});

test(
  'a pack that can be updated has a badge; without a registry there is none and no complaint',
  { skip },
  async () => {
    const page = await openPage(host, { route: 'activity' });
    await stub(page, {
      'pluginPack:checkUpdates': () => [{ name: 'mine', currentVersion: '1.0.0', latestVersion: '1.4.0' }],
    });
    await page.getByRole('link', { name: 'Customize' }).click();
    await page.locator('.pack-row').filter({ hasText: 'Mine' }).getByText('Update 1.4.0').waitFor();
    await page.getByRole('button', { name: 'Updates 1' }).click();
    assert.deepEqual(await rowNames(page), ['Mine']);

    await page.getByRole('link', { name: 'Activity' }).click();
    await stub(page, { 'pluginPack:checkUpdates': noRegistry });
    await page.getByRole('link', { name: 'Customize' }).click();
    await page.getByRole('button', { name: 'Updates 0' }).waitFor();
    assert.equal(await page.locator('.toast').count(), 0);
    await page.finish();
  },
);

test('bad packs hide no good one and are told at the end of the list', { skip }, async (t) => {
  const hostile = await startHost({
    before: (home) => {
      cpSync(path.join(root, 'sample-packs/invalid/name-dot-dot/tier'), path.join(home, 'extensions'), {
        recursive: true,
      });
    },
  });
  t.after(hostile.stop);
  const page = await openPage(hostile);
  const problems = page.locator('.problems');
  await problems.waitFor();
  await problems.locator('summary').click();
  assert.match(await problems.innerText(), /cowork\.plugin\.json/);
  assert.equal((await rowNames(page)).length, 12);
  await page.finish();
});

test('of very many packs the first are shown, and more when asked for', { skip }, async () => {
  const page = await openPage(host, { route: 'activity' });
  const [one] = await host.rpc('pluginPack:list');
  const many = Array.from({ length: 450 }, (_, i) => ({ ...one, name: `pack-${i}`, displayName: `Pack ${i}` }));
  await stub(page, { 'pluginPack:list': () => many });
  await page.getByRole('link', { name: 'Customize' }).click();
  await page.getByRole('heading', { name: 'Builtin 450' }).waitFor();
  assert.equal(await page.locator('.pack-row').count(), 200);
  await page.getByRole('button', { name: 'Show 200 more of 250' }).click();
  await page.getByRole('button', { name: 'Show 50 more of 50' }).click();
  assert.equal(await page.locator('.pack-row').count(), 450);
  await page.finish();
});

test('a list that cannot be had says why, and is tried again', { skip }, async () => {
  const page = await openPage(host, { route: 'activity' });
  let broken = true;
  const list = await host.rpc('pluginPack:list');
  await stub(page, {
    'pluginPack:list': () => {
      if (broken)
        throw { code: 'io', message: 'the catalog cannot be read', why: 'a disk is away', try: 'cowork doctor' };
      return list;
    },
  });
  await page.getByRole('link', { name: 'Customize' }).click();
  const alert = page.getByRole('alert').filter({ hasText: 'the catalog cannot be read' });
  await alert.waitFor();
  assert.match(await alert.innerText(), /a disk is away[^]*cowork doctor/);
  broken = false;
  await alert.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('link', { name: 'DevOps' }).waitFor();
  assert.equal(await alert.count(), 0);
  await page.finish();
});
