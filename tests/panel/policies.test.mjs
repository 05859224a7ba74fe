// Admin Policies: every control, what it writes, and what is refused.
import assert from 'node:assert/strict';
import test, { after, afterEach, beforeEach } from 'node:test';
import { closeBrowser, openPage, skip, startHost, until } from './harness.mjs';

let host;
let page;
beforeEach(async () => {
  if (skip) return;
  host = await startHost();
  page = await openPage(host, { route: 'policies' });
  await page.getByLabel('Organization Name').waitFor();
});
afterEach(async () => {
  if (skip) return;
  try {
    await page.finish();
  } finally {
    await host.stop();
  }
});
after(closeBrowser);

const bar = () => page.getByRole('region', { name: 'Unsaved changes' });
const save = async () => {
  await bar().getByRole('button', { name: 'Save Policies' }).click();
  await page.getByText('Policies saved').waitFor();
  await bar().waitFor({ state: 'detached' });
};
const chip = (label, id) => page.getByRole('list', { name: label }).getByRole('listitem').filter({ hasText: id });
const add = async (label, id) => {
  await page.getByRole('combobox', { name: label }).fill(id);
  await page.keyboard.press('Enter');
};

test('sections and fields have the names of the documentation', { skip }, async () => {
  const sections = await page.locator('main h2').allTextContents();
  assert.deepEqual(sections, ['Organization', 'Plugin Pack Policies', 'Connector Policies', 'Agent Policies', 'Installation Permissions']);
  const labels = await page.locator('.field-label').allTextContents();
  assert.deepEqual(labels, [
    'Organization Name',
    'Organization Plugin Directory',
    'Blocked Packs',
    'Required Packs',
    'Allowed Packs (whitelist)',
    'Blocked Connectors',
    'Max Heartbeat Frequency',
    'Max Concurrent Agents',
    'Allow custom plugin packs (scaffold)',
    'Allow installation from Git repositories',
    'Allow installation from URLs',
  ]);
  assert.equal(await bar().count(), 0, 'nothing is unsaved at first');
  assert.equal(host.exists('policies.json'), false, 'looking creates no file');
});

test('every field is saved, and only what changed is written', { skip }, async () => {
  await page.getByLabel('Organization Name').fill('Acme Corp');
  await bar().getByText('1 unsaved change', { exact: true }).waitFor();
  await page.getByLabel('Organization Plugin Directory').fill('/opt/acme/cowork-plugins');
  await bar().getByText('2 unsaved changes', { exact: true }).waitFor();
  await add('Blocked Packs', 'content-marketing');
  await add('Required Packs', 'engineering');
  await bar().getByText('4 unsaved changes', { exact: true }).waitFor();
  await save();
  const { updatedAt, ...first } = host.read('policies.json');
  assert.match(updatedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.deepEqual(first, {
    version: 1,
    packs: { blocked: ['content-marketing'], required: ['engineering'] },
    general: { orgName: 'Acme Corp', orgPluginDir: '/opt/acme/cowork-plugins' },
  });
  for (const id of ['engineering', 'devops']) await add('Allowed Packs (whitelist)', id);
  await add('Blocked Connectors', 'osv-advisories');
  await page.getByLabel('Max Heartbeat Frequency').fill('300');
  await page.getByLabel('Max Concurrent Agents').fill('5');
  await page.getByRole('switch', { name: 'Allow custom plugin packs (scaffold)' }).click();
  await page.getByRole('switch', { name: 'Allow installation from Git repositories' }).click();
  await page.getByRole('switch', { name: 'Allow installation from URLs' }).click();
  await bar().getByText('7 unsaved changes', { exact: true }).waitFor();
  await save();
  const all = host.read('policies.json');
  assert.deepEqual(all.packs, { blocked: ['content-marketing'], required: ['engineering'], allowed: ['engineering', 'devops'] });
  assert.deepEqual(all.connectors, { blocked: ['osv-advisories'] });
  assert.deepEqual(all.agents, { maxHeartbeatFrequencySec: 300, maxConcurrentAgents: 5 });
  assert.equal(all.general.allowCustomPacks, false);
  assert.equal(all.general.allowGitInstall, false);
  assert.equal(all.general.allowUrlInstall, false);
  await page.getByLabel('Organization Name').fill('');
  await chip('Blocked Packs', 'content-marketing').getByRole('button').click();
  await page.getByRole('switch', { name: 'Allow installation from URLs' }).click();
  await save();
  const last = host.read('policies.json');
  assert.equal('orgName' in last.general, false, 'an emptied name is taken out');
  assert.deepEqual(last.packs.blocked, []);
  assert.equal(last.general.allowUrlInstall, true);
});

test('what is changed while a save is read back stays changed', { skip }, async () => {
  host.write('policies.json', { version: 1, packs: { blocked: ['finance', 'devops'] } });
  await chip('Blocked Packs', 'finance').waitFor();
  await page.getByLabel('Organization Name').fill('Acme');
  // The page's first questions after the update wait until the chip is gone.
  let saved = false;
  let release;
  const removed = new Promise((resolve) => (release = resolve));
  await page.route('**/rpc', async (route) => {
    const text = route.request().postData() ?? '';
    if (saved && text.includes('admin:policiesStatus')) await removed;
    if (text.includes('admin:policiesUpdate')) saved = true;
    await route.continue();
  });
  await bar().getByRole('button', { name: 'Save Policies' }).click();
  await until(() => host.exists('policies.json') && host.read('policies.json').general?.orgName === 'Acme');
  await chip('Blocked Packs', 'finance').getByRole('button').click();
  release();
  await page.getByText('Policies saved').waitFor();
  await bar().getByText('1 unsaved change', { exact: true }).waitFor();
  assert.equal(await chip('Blocked Packs', 'finance').count(), 0);
  await page.unroute('**/rpc');
  await save();
  assert.deepEqual(host.read('policies.json').packs.blocked, ['devops']);
});

test('a change that is taken back is no change', { skip }, async () => {
  const field = page.getByLabel('Organization Name');
  await field.fill('Acme');
  await bar().waitFor();
  await field.fill('');
  await bar().waitFor({ state: 'detached' });
});

test('ids: completion, pasted lists, Backspace, a click elsewhere', { skip }, async () => {
  const input = page.getByRole('combobox', { name: 'Blocked Packs' });
  await input.fill('dev');
  const options = page.getByRole('option');
  await options.first().waitFor();
  assert.deepEqual(await options.locator('span:first-child').allTextContents(), ['devops', 'devops-pack']);
  await options.first().click();
  await chip('Blocked Packs', 'devops').waitFor();
  await page.evaluate(() => navigator.clipboard.writeText('engineering, finance,\nsecurity,devops'));
  await input.focus();
  await page.keyboard.press('ControlOrMeta+V');
  await chip('Blocked Packs', 'security').waitFor();
  const shown = () => page.getByRole('list', { name: 'Blocked Packs' }).getByRole('button').evaluateAll((all) => all.map((one) => one.ariaLabel));
  assert.deepEqual(await shown(), ['Remove devops', 'Remove engineering', 'Remove finance', 'Remove security']);
  await page.keyboard.press('Backspace');
  await until(async () => (await shown()).length === 3);
  await input.fill('people-ops,');
  await page.getByLabel('Organization Name').click();
  await chip('Blocked Packs', 'people-ops').waitFor();
  await save();
  assert.deepEqual(host.read('policies.json').packs.blocked, ['devops', 'engineering', 'finance', 'people-ops']);
});

test('a list of twenty thousand ids is shown in part, and edited', { skip }, async () => {
  const many = Array.from({ length: 20_000 }, (_, index) => `pack-${index}`);
  host.write('policies.json', { version: 1, packs: { blocked: many } });
  await page.getByRole('button', { name: '19800 more' }).waitFor();
  await page.getByText('19980 more match nothing known').waitFor();
  await add('Blocked Packs', 'devops');
  await page.getByRole('button', { name: 'Remove pack-7', exact: true }).click();
  await bar().getByRole('button', { name: 'Review' }).click();
  const dialog = page.getByRole('dialog', { name: 'Review changes' });
  await dialog.getByText('Become blocked (1)').waitFor();
  await dialog.getByRole('button', { name: 'Save Policies' }).click();
  await page.getByText('Policies saved').waitFor();
  const { blocked } = host.read('policies.json').packs;
  assert.deepEqual([blocked.length, blocked[6], blocked[7], blocked.at(-1)], [20_000, 'pack-6', 'pack-8', 'devops']);
});

test('an unknown id is marked, and its nearest known one a click away', { skip }, async () => {
  await add('Required Packs', 'enginering');
  await page.getByText('“enginering” matches no known pack; nearest:').waitFor();
  await page.getByRole('button', { name: 'Replace enginering by engineering' }).click();
  await chip('Required Packs', 'engineering').waitFor();
  assert.equal(await page.getByText('matches no known pack').count(), 0);
  await add('Blocked Connectors', 'zzzzzzzz');
  await page.getByText('“zzzzzzzz” matches no known connector.').waitFor();
  await save();
  assert.deepEqual(host.read('policies.json').connectors.blocked, ['zzzzzzzz'], 'a warning, no refusal');
});

test('an id that can name no pack says so; a connector may have any', { skip }, async () => {
  await add('Blocked Packs', 'No Pack');
  await page.getByText('“No Pack” is no pack name').waitFor();
  await add('Blocked Packs', 'DevOps');
  await page.getByText('“DevOps” is no pack name; nearest:').waitFor();
  await page.getByRole('button', { name: 'Replace DevOps by devops' }).click();
  await chip('Blocked Packs', 'devops').waitFor();
  await add('Blocked Connectors', 'No Connector');
  await page.getByText('“No Connector” matches no known connector').waitFor();
});

test('Review says what saving would do, and saves', { skip }, async () => {
  host.write('policies.json', { version: 1, packs: { blocked: ['finance'], required: ['security'] }, general: { allowUrlInstall: false } });
  await chip('Blocked Packs', 'finance').waitFor();
  await chip('Blocked Packs', 'finance').getByRole('button').click();
  await add('Blocked Packs', 'devops');
  await add('Required Packs', 'engineering');
  await page.getByRole('switch', { name: 'Allow installation from URLs' }).click();
  await bar().getByRole('button', { name: 'Review' }).click();
  const dialog = page.getByRole('dialog', { name: 'Review changes' });
  await dialog.getByText('Become blocked (1)').waitFor();
  const rows = (await dialog.locator('.review-list > li').allTextContents()).map((text) => text.replace(/\s+/g, ' ').trim());
  assert.deepEqual(rows, [
    'Blocked Packsfinance+ devops',
    'Required Packs+ engineering',
    'Allow installation from URLsno→ yes',
    'Become blocked (1)devops-pack',
    'Are disabled by that (1)devops-pack',
    'Become required (1)engineering-pack',
    'Are no longer blocked (1)finance-pack',
    'pack "finance-pack"blocked→ permitted',
    'packs.blockedfinance→ (nothing)',
    'general.allowUrlInstallno→ yes',
  ]);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  assert.equal(host.read('policies.json').packs.blocked[0], 'finance', 'looking saves nothing');
  await bar().getByRole('button', { name: 'Review' }).click();
  await dialog.getByText('Become blocked (1)').waitFor();
  await dialog.getByRole('button', { name: 'Save Policies' }).click();
  await page.getByText('Policies saved').waitFor();
  assert.deepEqual(host.read('policies.json').packs, { blocked: ['devops'], required: ['security', 'engineering'] });
});

test('Reset shows the last saved state', { skip }, async () => {
  await page.getByLabel('Organization Name').fill('Acme');
  await add('Blocked Packs', 'devops');
  await bar().getByRole('button', { name: 'Reset' }).click();
  await bar().waitFor({ state: 'detached' });
  assert.equal(await page.getByLabel('Organization Name').inputValue(), '');
  assert.equal(await chip('Blocked Packs', 'devops').count(), 0);
});

const wrong = [
  ['Organization Plugin Directory', 'plugins', 'Organization Plugin Directory must be an absolute path, such as /opt/acme/cowork-plugins'],
  ['Max Heartbeat Frequency', '10', 'Max Heartbeat Frequency must be a number of at least 60'],
  ['Max Concurrent Agents', 'many', 'Max Concurrent Agents must be a whole number of at least 1'],
];

test('a wrong number or path is told when its field is left, and no longer once it is edited', { skip }, async () => {
  for (const [label, value, message] of wrong) {
    const field = page.getByLabel(label);
    const before = await field.inputValue();
    await field.fill(value);
    assert.equal(await page.locator('.field-error').count(), 0, 'nobody is interrupted');
    await page.keyboard.press('Tab');
    await page.getByText(message, { exact: true }).waitFor();
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    await field.fill(before);
    assert.equal(await page.locator('.field-error').count(), 0);
  }
});

test('all that is wrong is told on saving, each fault at its field, and nothing is sent', { skip }, async () => {
  for (const [label, value] of wrong) await page.getByLabel(label).fill(value);
  await bar().getByRole('button', { name: 'Save Policies' }).click();
  await until(async () => (await page.locator('.field-error').count()) === 3, 'three faults');
  assert.deepEqual(await page.locator('.field-error').allTextContents(), wrong.map(([, , message]) => message));
  for (const [label, , message] of wrong) {
    const field = page.getByLabel(label);
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    const notes = (await field.getAttribute('aria-describedby')).split(' ').at(-1);
    assert.equal(await page.locator(`#${notes}`).innerText(), message);
  }
  await until(() => page.getByLabel(wrong[0][0]).evaluate((field) => field === document.activeElement), 'the first has the focus');
  assert.equal(host.exists('policies.json'), false);
});

test('Reset is one click away from a field that is wrong, also at the end of the page', { skip }, async () => {
  await page.getByLabel('Max Concurrent Agents').fill('0');
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  const box = await bar().getByRole('button', { name: 'Reset' }).boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.up();
  await bar().waitFor({ state: 'detached' });
  assert.equal(await page.locator('.field-error').count(), 0);
});

for (const [width, height] of [[1280, 900], [1280, 3000], [360, 780]]) {
  test(`toasts leave the bar free: ${width} x ${height} px`, { skip }, async () => {
    await page.setViewportSize({ width, height });
    await page.getByLabel('Organization Name').fill('Acme');
    await save();
    await page.getByLabel('Organization Name').fill('Acme Corp');
    await bar().waitFor();
    for (const end of [0, 1]) {
      await page.evaluate((part) => scrollTo(0, part * document.body.scrollHeight), end);
      const toast = page.locator('.toast', { hasText: 'Policies saved' });
      await until(async () => {
        const [above, below] = [await toast.boundingBox(), await bar().boundingBox()];
        return above.y >= 0 && above.y + above.height <= below.y;
      }, `the toast stands above the bar when scrolled to ${end}`, 3000);
    }
    await bar().getByRole('button', { name: 'Reset' }).click({ timeout: 3000 });
    await bar().waitFor({ state: 'detached' });
  });
}

test('an id that is required and blocked is refused at its field', { skip }, async () => {
  await add('Blocked Packs', 'devops');
  await add('Required Packs', 'devops');
  await bar().getByRole('button', { name: 'Review' }).click();
  const dialog = page.getByRole('dialog', { name: 'Review changes' });
  await dialog.getByText('packs.required has "devops", which packs.blocked has too').waitFor();
  assert.equal(await dialog.getByRole('button', { name: 'Save Policies' }).isDisabled(), true);
  await dialog.getByRole('button', { name: 'Back' }).click();
  await bar().getByRole('button', { name: 'Save Policies' }).click();
  const field = page.getByRole('combobox', { name: 'Required Packs' });
  await until(async () => (await field.getAttribute('aria-invalid')) === 'true');
});

test('what is unsaved outlives a look at another page', { skip }, async () => {
  await page.getByLabel('Organization Name').fill('Acme');
  await page.getByRole('link', { name: 'Chain' }).click();
  await page.getByRole('heading', { name: 'Chain', level: 1 }).waitFor();
  await page.getByRole('link', { name: 'Admin Policies' }).click();
  assert.equal(await page.getByLabel('Organization Name').inputValue(), 'Acme');
  await bar().getByText('1 unsaved change', { exact: true }).waitFor();
});
