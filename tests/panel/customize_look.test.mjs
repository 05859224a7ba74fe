// Customize by keyboard alone, in a narrow window, for axe, and in pictures.
import assert from 'node:assert/strict';
import path from 'node:path';
import { mkdirSync } from 'node:fs';
import test, { after, before } from 'node:test';
import { noRegistry, stub } from './customize_stubs.mjs';
import {
  assertAccessible,
  assertNoSidewaysScroll,
  closeBrowser,
  openPage,
  root,
  screenshot,
  skip,
  startHost,
  until,
} from './harness.mjs';

let host;
before(async () => {
  if (skip) return;
  host = await startHost({
    policies: {
      version: 1,
      packs: { blocked: ['content-marketing'], required: ['engineering'] },
      connectors: { blocked: ['osv-advisories'] },
      general: { orgName: 'Acme Corp', allowGitInstall: false },
    },
  });
  await host.rpc('pluginPack:install', [path.join(root, 'sample-packs/user/my-week')]);
});
after(async () => {
  await closeBrowser();
  await host?.stop();
});

const focused = (page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent);

test('by keyboard alone: search, choose, switch, and back to the list', { skip }, async () => {
  const page = await openPage(host);
  await page.getByRole('link', { name: 'DevOps' }).waitFor();
  await page.keyboard.press('/');
  assert.equal(await focused(page), 'Search packs');
  for (const _ of ['Enabled', 'Disabled', 'Blocked', 'Required', 'Updates', 'Errors']) await page.keyboard.press('Tab');
  assert.match(await focused(page), /^Errors/);
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'Category');
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'Content Marketing');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  assert.equal(await focused(page), 'Customer Support');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Customer Support' }).waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'Enable Customer Support');
  await page.keyboard.press('Space');
  await until(
    () => host.exists('pack-states.json') && host.read('pack-states.json').packs['customer-support-pack'] === false,
    'the pack on disk',
  );
  const whole = page.locator('.detail-head').getByRole('switch');
  await until(async () => (await whole.getAttribute('aria-busy')) === 'false', 'the answer');
  await page.keyboard.press('Enter');
  await until(() => host.read('pack-states.json').packs['customer-support-pack'] === true, 'the pack on disk');
  assert.equal(await focused(page), 'Enable Customer Support', 'the focus stays on the switch');
  await page.finish();
});

test('by keyboard alone: a pack is made, and the focus is never lost', { skip }, async () => {
  const page = await openPage(host);
  await page.getByRole('link', { name: 'DevOps' }).waitFor();
  const button = page.getByRole('button', { name: 'Add a pack' });
  await button.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'Registry');
  await page.keyboard.press('ArrowLeft');
  assert.equal(await focused(page), 'Create new');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Tab');
  await page.keyboard.type('by-keyboard');
  await page.keyboard.press('Tab');
  await page.keyboard.type('By keyboard');
  await page.keyboard.press('Escape');
  await until(async () => (await page.getByRole('dialog').count()) === 0, 'the dialog to close');
  assert.equal(await focused(page), 'Add a pack');
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: 'Registry' }).focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Tab');
  await page.keyboard.type('by-keyboard');
  await page.keyboard.press('Tab');
  await page.keyboard.type('By keyboard');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'By keyboard' }).waitFor();
  assert.equal(host.exists('extensions/by-keyboard/cowork.plugin.json'), true);
  await host.rpc('pluginPack:uninstall', ['by-keyboard']);
  await page.finish();
});

test('in a narrow window a pack has the screen to itself, and the way back leads to its row', { skip }, async () => {
  const page = await openPage(host, { width: 360, height: 740 });
  const row = page.getByRole('link', { name: 'DevOps' });
  await row.click();
  await page.getByRole('heading', { name: 'DevOps' }).waitFor();
  assert.equal(await row.isVisible(), false);
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'detail-name');
  await page.getByRole('link', { name: 'All packs' }).click();
  await row.waitFor();
  assert.equal(await page.locator('#detail-name').count(), 0);
  assert.equal(await focused(page), 'DevOps');
  await page.finish();
});

const dialogTabs = [
  ['Registry', async (dialog) => dialog.getByText('No registry is set').waitFor()],
  [
    'Git or URL',
    async (dialog) => {
      await dialog.getByLabel('Address').fill('https://git.example.org/pack.git');
      await dialog.getByText('general.allowGitInstall').waitFor();
    },
  ],
  [
    'This machine',
    async (dialog) => {
      await dialog.getByLabel('Path').fill('/no/such/place');
      await dialog.getByRole('button', { name: 'Install', exact: true }).click();
      await dialog.getByRole('alert').waitFor();
    },
  ],
  [
    'Create new',
    async (dialog) => {
      await dialog.getByLabel('Name', { exact: true }).fill('Wrong Name');
      await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    },
  ],
];

async function lookAtDialogs(page, look) {
  await page.getByRole('button', { name: 'Add a pack' }).click();
  const dialog = page.getByRole('dialog');
  for (const [tab, prepare] of dialogTabs) {
    await dialog.getByRole('tab', { name: tab }).click();
    await prepare(dialog);
    await look(`add-${tab.toLowerCase().replaceAll(' ', '-')}`, { fullPage: false });
  }
  await page.keyboard.press('Escape');
}

const entry = {
  id: 'crm',
  name: 'crm',
  displayName: 'Customer relations with a name that is rather longer than most',
  description: 'Preparing conversations with customers, judging deals soberly, and keeping the records in order',
  version: '1.2.0',
  author: 'Acme',
  category: 'Sales',
  skillCount: 4,
  agentCount: 1,
  downloadUrl: 'https://example.org/crm.zip',
};

async function lookAtRegistry(page, look) {
  const results = [
    entry,
    { ...entry, id: 'b', name: 'b', displayName: 'B' },
    { ...entry, id: 'my-week', name: 'my-week', displayName: 'My Week' },
  ];
  await stub(page, {
    'pluginPack:registrySearch': () => ({ total: 30, page: 2, pageSize: 10, results }),
    'pluginPack:registryCategories': () => ['Personal', 'Sales', 'Support'],
    'pluginPack:installUrl': () => new Promise(() => {}),
  });
  await page.getByRole('button', { name: 'Add a pack' }).click();
  await page.getByText('Page 2 of 3').waitFor();
  await look('registry', { fullPage: false });
  await page.getByRole('button', { name: 'Install B' }).click();
  await page.getByRole('button', { name: 'Cancel' }).waitFor();
  await look('installing', { fullPage: false });
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('The operation was cancelled').waitFor();
  await page.keyboard.press('Escape');
}

async function lookAtRefusal(page, look) {
  await stub(page, {
    'pluginPack:toggle': () => {
      throw {
        code: 'policy-denied',
        message: 'Pack "devops-pack" is required by admin policy and cannot be disabled',
        why: 'packs.required in /etc/cowork/policies.json:9 (machine layer)',
        try: 'cowork policy check devops-pack',
      };
    },
  });
  await page.getByRole('button', { name: 'Show all packs' }).click();
  await page.getByRole('switch', { name: 'Enable DevOps' }).click();
  await page.getByText('machine layer').waitFor();
  await look('refused', { fullPage: false });
  await page.getByRole('button', { name: 'Dismiss' }).click();
}

for (const theme of ['light', 'dark']) {
  for (const width of [1280, 360]) {
    test(`axe finds nothing in any state: ${theme}, ${width} px`, { skip }, async () => {
      const page = await openPage(host, { route: 'activity', theme, width });
      const look = async (name, options) => {
        await assertAccessible(page, name);
        await assertNoSidewaysScroll(page, name);
        await screenshot(page, `customize-${name}-${theme}-${width}`, options);
      };
      let broken = false;
      await stub(page, {
        'pluginPack:registrySearch': noRegistry,
        'pluginPack:registryCategories': noRegistry,
        'pluginPack:checkUpdates': () => {
          if (broken) throw { code: 'network', message: 'away' };
          return [{ name: 'my-week', currentVersion: '0.4.0', latestVersion: '0.5.0' }];
        },
      });
      const go = (route) => page.evaluate((target) => (location.hash = target), `#/customize/${route}`);
      await go('');
      await page.getByText('Update 0.5.0').waitFor();
      await look('list');
      for (const [name, text] of [
        ['engineering-pack', /^connectors\.blocked in /],
        ['content-marketing-pack', /^packs\.blocked in /],
        ['my-week', 'Tree SHA-256'],
      ]) {
        await go(name);
        await page.getByText(text, { exact: true }).first().waitFor();
        await look(name);
      }
      await page.getByRole('button', { name: 'Uninstall…' }).click();
      await look('uninstall', { fullPage: false });
      await page.keyboard.press('Escape');
      await go('no-such-pack');
      await page.getByText('No pack “no-such-pack”').waitFor();
      await look('no-such-pack');
      await go('');
      await page.getByRole('searchbox').fill('nothing like that');
      await page.getByText('No pack matches').waitFor();
      await look('no-match');
      await lookAtDialogs(page, look);
      await lookAtRegistry(page, look);
      await lookAtRefusal(page, look);
      broken = true;
      await page.getByRole('link', { name: 'Activity' }).click();
      await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor();
      await stub(page, {
        'pluginPack:list': () => {
          throw { code: 'io', message: 'the catalog cannot be read', why: 'a disk is away', try: 'cowork doctor' };
        },
      });
      await go('');
      await page.getByText('the catalog cannot be read').waitFor();
      await look('error');
      await page.finish();
    });
  }
}

test('with no pack at all the page says how to get one', { skip }, async (t) => {
  const builtin = path.join(host.directory, 'none');
  mkdirSync(builtin, { recursive: true });
  const empty = await startHost({ builtin });
  t.after(empty.stop);
  for (const [theme, width] of [
    ['light', 1280],
    ['dark', 360],
  ]) {
    const page = await openPage(empty, { theme, width });
    await page.getByText('No packs of your own yet').waitFor();
    await assertAccessible(page, 'empty');
    await assertNoSidewaysScroll(page, 'empty');
    await screenshot(page, `customize-empty-${theme}-${width}`);
    await page.finish();
  }
});
