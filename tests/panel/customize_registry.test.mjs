// Packs of the registry: found, and installed by the address that their entry names.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { installed, openDialog } from './customize_stubs.mjs';
import { closeBrowser, openPage, skip, startHost, until } from './harness.mjs';

let host;
before(async () => {
  if (skip) return;
  host = await startHost();
});
after(async () => {
  await closeBrowser();
  await host?.stop();
});

const entries = Array.from({ length: 23 }, (_, i) => ({
  id: `pack-${i}`,
  name: i === 0 ? 'devops-pack' : `pack-${i}`,
  displayName: `Pack ${i}`,
  description: `Number ${i} <b>`,
  version: `1.${i}.0`,
  author: 'Acme',
  category: i % 2 ? 'Odd' : 'Even',
  skillCount: 3,
  ...(i % 2
    ? { gitUrl: `https://git.example.org/pack-${i}.git` }
    : { downloadUrl: `https://example.org/pack-${i}.zip`, sha256: 'cd'.repeat(32) }),
}));

const registry = {
  'pluginPack:registrySearch': ([query, { page, pageSize, category }]) => {
    const found = entries.filter(
      (entry) => entry.displayName.includes(query) && (!category || entry.category === category),
    );
    return { query, total: found.length, page, pageSize, results: found.slice((page - 1) * pageSize, page * pageSize) };
  },
  'pluginPack:registryCategories': () => ['Even', 'Odd'],
  'pluginPack:installGit': () => installed('pack-1', '1.1.0'),
  'pluginPack:installUrl': () => installed('pack-2', '1.2.0'),
};

test('the registry is searched, by category and page by page', { skip }, async () => {
  const { page, dialog } = await openDialog(host, 'Registry', registry);
  const names = () => dialog.locator('.entry-name').allTextContents();
  await dialog.getByText('23 packs').waitFor();
  assert.deepEqual((await names()).slice(0, 2), ['Pack 0', 'Pack 1']);
  assert.equal(await dialog.getByText('Page 1 of 3').count(), 1);
  assert.equal(await dialog.getByRole('button', { name: 'Previous' }).isDisabled(), true);
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByText('Page 2 of 3').waitFor();
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByText('Page 3 of 3').waitFor();
  assert.deepEqual(await names(), ['Pack 20', 'Pack 21', 'Pack 22']);
  assert.equal(await dialog.getByRole('button', { name: 'Next' }).isDisabled(), true);
  await dialog.getByRole('button', { name: 'Odd' }).click();
  await dialog.getByText('11 packs').waitFor();
  await dialog.getByText('Page 1 of 2').waitFor();
  await dialog.getByLabel('Search the registry').fill('21');
  await dialog.getByText('1 pack', { exact: true }).waitFor();
  assert.deepEqual(await names(), ['Pack 21']);
  await dialog.getByRole('button', { name: 'All', exact: true }).click();
  await dialog.getByLabel('Search the registry').fill('');
  await dialog.getByText('23 packs').waitFor();
  assert.equal(await dialog.getByText('Installed 1.3.0').count(), 1, 'what is installed says so');
  await page.finish();
});

test('an entry is installed by its address and hash', { skip }, async () => {
  const cases = [
    ['Pack 1', ['pluginPack:installGit', ['https://git.example.org/pack-1.git', { name: 'pack-1' }]]],
    ['Pack 2', ['pluginPack:installUrl', ['https://example.org/pack-2.zip', { name: 'pack-2', sha256: 'cd'.repeat(32) }]]],
  ];
  for (const [name, expected] of cases) {
    const { page, dialog } = await openDialog(host, 'Registry', registry);
    await dialog.getByRole('button', { name: `Install ${name}`, exact: true }).click();
    await page.getByText(/installed: 2 skills, 1 agent/).waitFor();
    assert.deepEqual(
      page.asked.filter(([method]) => /install/.test(method)),
      [expected],
    );
    await page.finish();
  }
});

test('what the policy blocks is not fetched from the registry either', { skip }, async () => {
  host.write('policies.json', { version: 1, packs: { blocked: ['pack-1'] } });
  await until(async () => !(await host.rpc('admin:checkPack', ['pack-1'])).allowed, 'the policy');
  const { page, dialog } = await openDialog(host, 'Registry', registry);
  await dialog.getByRole('button', { name: 'Install Pack 1', exact: true }).click();
  await dialog.getByRole('alert').getByText('Pack "pack-1" is blocked by admin policy').waitFor();
  assert.match(await dialog.getByRole('alert').innerText(), /packs\.blocked in .*policies\.json:\d+ \(user layer\)/);
  assert.deepEqual(
    page.asked.filter(([method]) => /install/.test(method)),
    [],
  );
  host.write('policies.json', { version: 1 });
  await page.finish();
});

test('an entry without an address, and one that brings another pack, are told', { skip }, async () => {
  const results = [{ ...entries[1], gitUrl: undefined }, entries[2]];
  const answers = { ...registry, 'pluginPack:registrySearch': () => ({ total: 2, page: 1, pageSize: 10, results }) };
  answers['pluginPack:installUrl'] = () => {
    throw { code: 'conflict', message: 'the pack is called "other", not "pack-2"', why: 'nothing was installed' };
  };
  const { page, dialog } = await openDialog(host, 'Registry', answers);
  await dialog.getByRole('button', { name: 'Install Pack 1', exact: true }).click();
  await dialog.getByText('The registry does not say where Pack 1 comes from').waitFor();
  await dialog.getByRole('button', { name: 'Install Pack 2', exact: true }).click();
  const alert = dialog.getByRole('alert');
  await alert.getByText('the pack is called "other", not "pack-2"').waitFor();
  await alert.getByText('nothing was installed').waitFor();
  assert.equal(await dialog.getByRole('button', { name: 'Replace the installed pack' }).count(), 0);
  await page.finish();
});

test('without a registry, or without a way to it, the dialog says so', { skip }, async () => {
  const { page, dialog } = await openDialog(host, 'Registry');
  await dialog.getByText('No registry is set').waitFor();
  await page.finish();
  let away = true;
  const again = await openDialog(host, 'Registry', {
    ...registry,
    'pluginPack:registrySearch': (params) => {
      if (away) throw { code: 'network', message: 'the registry cannot be reached', why: 'no route' };
      return registry['pluginPack:registrySearch'](params);
    },
  });
  await again.dialog.getByText('the registry cannot be reached').waitFor();
  away = false;
  await again.dialog.getByRole('button', { name: 'Try again' }).click();
  await again.dialog.getByText('23 packs').waitFor();
  await again.page.finish();
});

test('the registry of a directory, as the host has it', { skip }, async (t) => {
  const catalog = path.join(host.directory, 'registry');
  mkdirSync(catalog, { recursive: true });
  const document = { version: 1, updatedAt: '2026-01-01T00:00:00Z', packs: entries };
  writeFileSync(path.join(catalog, 'pack-catalog.json'), JSON.stringify(document));
  const own = await startHost({ settings: { registry: { url: catalog } } });
  t.after(own.stop);
  const page = await openPage(own);
  await page.getByRole('button', { name: 'Add a pack' }).click();
  await page.getByText('23 packs').waitFor();
  await page.getByRole('button', { name: 'Even' }).waitFor();
  await page.finish();
});
