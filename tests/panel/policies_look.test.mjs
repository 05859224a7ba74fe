// Admin Policies by keyboard alone, for axe, in a narrow window, and in pictures.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { assertAccessible, assertNoSidewaysScroll, closeBrowser, openPage, screenshot, skip, skipMachine, startHost, until } from './harness.mjs';

after(closeBrowser);

const policies = {
  version: 1,
  packs: { blocked: ['content-marketing', 'sales-crm'], required: ['engineering', 'devops'] },
  connectors: { blocked: ['osv-advisories'] },
  agents: { maxHeartbeatFrequencySec: 120, maxConcurrentAgents: 8 },
  general: { allowGitInstall: false, orgName: 'Acme Corp' },
};
const machine = {
  version: 1,
  packs: { blocked: ['finance'], required: ['engineering'] },
  agents: { maxConcurrentAgents: 4 },
  general: { allowGitInstall: false, orgName: 'Acme Corp' },
};
const looks = [];
for (const theme of ['light', 'dark']) for (const width of [1280, 360]) looks.push({ theme, width });

async function look(state, options, prepare) {
  const host = await startHost(options);
  try {
    for (const { theme, width } of looks) {
      const page = await openPage(host, { route: 'policies', theme, width, height: width === 360 ? 780 : 900, ...options.page });
      await page.getByRole('heading', { level: 1, name: 'Admin Policies' }).waitFor();
      await prepare(page, host);
      const name = `policies-${state}-${theme}-${width}`;
      await screenshot(page, name);
      await assertAccessible(page, name);
      await assertNoSidewaysScroll(page, name);
      await page.finish();
      if (options.policies !== undefined) host.write('policies.json', options.policies);
    }
  } finally {
    await host.stop();
  }
}
const loaded = (page) => page.getByLabel('Organization Name').waitFor();

test('empty', { skip }, () => look('empty', {}, loaded));
test('a policy as organizations have it', { skip }, () => look('saved', { policies }, loaded));

async function makeDirty(page) {
  await loaded(page);
  await page.getByRole('combobox', { name: 'Blocked Packs' }).fill('securty,finance,');
  await page.getByRole('combobox', { name: 'Required Packs' }).fill('people-ops,');
  await page.getByRole('button', { name: 'Remove devops' }).click();
  await page.getByLabel('Max Concurrent Agents').fill('5');
  await page.getByRole('switch', { name: 'Allow installation from Git repositories' }).click();
  await page.getByText('4 unsaved changes').waitFor();
}
test('unsaved changes', { skip }, () => look('dirty', { policies }, makeDirty));

test('completion', { skip }, () =>
  look('completion', { policies }, async (page) => {
    await loaded(page);
    await page.getByRole('combobox', { name: 'Blocked Packs' }).fill('e');
    await page.keyboard.press('ArrowDown');
    await page.getByRole('option').first().waitFor();
  }));

test('review', { skip }, () =>
  look('review', { policies }, async (page) => {
    await makeDirty(page);
    await page.getByRole('button', { name: 'Review' }).click();
    await page.getByText('Are no longer required (1)').waitFor();
  }));

test('both sides changed', { skip }, () =>
  look('conflict', { policies }, async (page, host) => {
    await makeDirty(page);
    const theirs = structuredClone(policies);
    theirs.packs.blocked = ['content-marketing', 'data-analysis'];
    theirs.agents.maxConcurrentAgents = 6;
    theirs.general.orgName = 'Acme Corporation';
    host.write('policies.json', theirs);
    await page.getByText('2 to choose').waitFor();
  }));

test('a refusal', { skip }, () =>
  look('refused', { policies }, async (page) => {
    await loaded(page);
    await page.getByRole('textbox', { name: 'Max Concurrent Agents' }).fill('0');
    await page.getByRole('button', { name: 'Save Policies' }).click();
    await page.locator('.field-error').waitFor();
  }));

test('a broken file', { skip }, () =>
  look('broken', { policies }, async (page, host) => {
    await loaded(page);
    host.write('policies.json', '{\n  "version": 1,\n  "packs": { "blocked": "finance" }\n}\n');
    await page.getByText('The policy file is invalid').waitFor();
  }));

test('a host that cannot be reached', { skip }, () =>
  look('error', { policies, page: { allow: /./ } }, async (page) => {
    await loaded(page);
    await page.route('**/rpc', (route) => route.abort());
    await page.getByRole('link', { name: 'Chain' }).click();
    await page.getByRole('link', { name: 'Admin Policies' }).click();
    await page.getByRole('main').getByRole('alert').getByText('The host cannot be reached').waitFor();
  }));

test('under a machine policy', { skip: skipMachine }, () => look('machine', { machine, policies }, (page) => page.getByText('At most 4').waitFor()));

test('a policy is changed, reviewed and saved by keyboard alone', { skip }, async () => {
  const host = await startHost({ policies });
  try {
    const page = await openPage(host, { route: 'customize' });
    const focused = () => page.evaluate(() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent);
    const tabTo = async (name, key = 'Tab') => {
      for (let step = 0; step < 80; step++) {
        await page.keyboard.press(key);
        const matches = await page.evaluate((wanted) => {
          const here = document.activeElement;
          const labels = here.labels ? [...here.labels].map((label) => label.textContent) : [];
          return [here.getAttribute('aria-label'), here.textContent, ...labels].includes(wanted);
        }, name);
        if (matches) return;
      }
      assert.fail(`the Tab key does not reach ${name}`);
    };
    await tabTo('Admin Policies');
    await page.keyboard.press('Enter');
    await loaded(page);
    await tabTo('Organization Name');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('Acme Keyboards');
    await tabTo('Remove content-marketing');
    await page.keyboard.press('Enter');
    await until(async () => (await focused()) === 'Remove sales-crm', 'the next chip has the focus');
    await tabTo('Blocked Packs');
    await page.keyboard.type('sec');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Remove security' }).waitFor();
    await page.keyboard.type('fin');
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('listbox').count(), 0);
    await page.keyboard.type('ance,');
    await tabTo('Allow custom plugin packs (scaffold)');
    await page.keyboard.press('Space');
    await tabTo('Review');
    await page.keyboard.press('Enter');
    await page.getByText('Become blocked (2)').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.equal(await focused(), 'Review', 'the focus is back where it was');
    await tabTo('Save Policies');
    await page.keyboard.press('Enter');
    await page.getByText('Policies saved').waitFor();
    const saved = host.read('policies.json');
    assert.deepEqual(saved.packs.blocked, ['sales-crm', 'security', 'finance']);
    assert.equal(saved.general.orgName, 'Acme Keyboards');
    assert.equal(saved.general.allowCustomPacks, false);
    assert.notEqual(await page.evaluate(() => document.activeElement.tagName), 'BODY', 'the focus is not lost');
    await page.finish();
  } finally {
    await host.stop();
  }
});
