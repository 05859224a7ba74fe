// Admin Policies while others change the policy: shown at once where nothing is unsaved, compared where something is.
import assert from 'node:assert/strict';
import test, { after, afterEach, beforeEach } from 'node:test';
import { closeBrowser, openPage, skip, startHost, until } from './harness.mjs';

const start = {
  version: 1,
  packs: { blocked: ['finance', 'people-ops'] },
  agents: { maxConcurrentAgents: 8 },
  general: { orgName: 'Acme', allowGitInstall: true },
};
let host;
let page;
beforeEach(async () => {
  if (skip) return;
  host = await startHost({ policies: start });
  page = await openPage(host, { route: 'policies', allow: /409|conflict/ });
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
const name = () => page.getByRole('textbox', { name: 'Organization Name', exact: true });
const banner = () => page.getByRole('alert').filter({ hasText: 'The policy was changed by someone else' });
const chips = (label) => page.getByRole('list', { name: label, exact: true }).getByRole('listitem').evaluateAll((all) => all.map((one) => one.firstChild.textContent));
const value = (field, wanted) => until(async () => (await field.inputValue()) === wanted, `the field shows ${wanted}`);

test('an edit by hand shows within a second when nothing is unsaved', { skip }, async () => {
  assert.equal(await name().inputValue(), 'Acme');
  const began = Date.now();
  host.write('policies.json', { ...start, packs: { blocked: ['devops'] }, general: { orgName: 'Edited by hand' } });
  await value(name(), 'Edited by hand');
  const took = Date.now() - began;
  assert.ok(took < 1500, `it took ${took} ms`);
  assert.deepEqual(await chips('Blocked Packs'), ['devops']);
  assert.equal(await banner().count(), 0);
  assert.equal(await bar().count(), 0);
});

test('a change by another client shows as well', { skip }, async () => {
  await host.rpc('admin:policiesUpdate', [{ general: { orgName: 'Other' } }]);
  await value(name(), 'Other');
});

test('fields that only the others changed are taken over, and ours kept', { skip }, async () => {
  await page.getByRole('textbox', { name: 'Max Concurrent Agents', exact: true }).fill('3');
  host.write('policies.json', { ...start, general: { orgName: 'Theirs' } });
  await banner().getByText('Taken over, since you had not changed it: Organization Name.').waitFor();
  assert.equal(await name().inputValue(), 'Theirs');
  assert.equal(await page.getByRole('textbox', { name: 'Max Concurrent Agents', exact: true }).inputValue(), '3');
  await bar().getByText('1 unsaved change', { exact: true }).waitFor();
  await banner().getByRole('button', { name: 'Got it' }).click();
  await banner().waitFor({ state: 'detached' });
  await bar().getByRole('button', { name: 'Save Policies' }).click();
  await page.getByText('Policies saved').waitFor();
  const saved = host.read('policies.json');
  assert.equal(saved.general.orgName, 'Theirs');
  assert.equal(saved.agents.maxConcurrentAgents, 3);
});

async function bothChange() {
  await name().fill('Ours');
  await page.getByRole('combobox', { name: 'Blocked Packs' }).fill('security,');
  await page.getByRole('button', { name: 'Remove finance' }).click();
  await page.getByRole('textbox', { name: 'Max Concurrent Agents', exact: true }).fill('3');
  host.write('policies.json', { ...start, packs: { blocked: ['finance', 'people-ops', 'devops'] }, agents: { maxConcurrentAgents: 4 }, general: { orgName: 'Theirs' } });
  await banner().getByText('3 to choose').waitFor();
}

test('fields that both changed are compared, and nothing is saved before somebody chose', { skip }, async () => {
  await bothChange();
  assert.equal(await name().inputValue(), 'Ours', 'ours is not overwritten');
  assert.equal(await bar().getByRole('button', { name: 'Save Policies' }).isDisabled(), true);
  assert.equal(await bar().getByRole('button', { name: 'Review' }).isDisabled(), true);
  const sides = await banner().locator('.contest').evaluateAll((all) =>
    all.map((one) => [one.querySelector('h2').textContent, ...[...one.querySelectorAll('dd')].map((side) => side.textContent)]),
  );
  assert.deepEqual(sides, [
    ['Organization Name', 'Theirs', 'Ours'],
    ['Blocked Packs', 'finance, people-ops, devops', 'people-ops, security'],
    ['Max Concurrent Agents', '4', '3'],
  ]);
  assert.equal(await page.getByRole('button', { name: 'Combine: Organization Name' }).count(), 0);
  await page.getByRole('button', { name: 'Take theirs: Organization Name' }).click();
  assert.equal(await name().inputValue(), 'Theirs');
  await page.getByRole('button', { name: 'Combine: Blocked Packs' }).click();
  assert.deepEqual(await chips('Blocked Packs'), ['people-ops', 'devops', 'security']);
  await page.getByRole('button', { name: 'Keep mine: Max Concurrent Agents' }).click();
  await banner().waitFor({ state: 'detached' });
  await bar().getByText('2 unsaved changes', { exact: true }).waitFor();
  await bar().getByRole('button', { name: 'Save Policies' }).click();
  await page.getByText('Policies saved').waitFor();
  const saved = host.read('policies.json');
  assert.deepEqual(saved.packs.blocked, ['people-ops', 'devops', 'security']);
  assert.equal(saved.general.orgName, 'Theirs');
  assert.equal(saved.agents.maxConcurrentAgents, 3);
});

test('the bar leads to the comparison from anywhere on the page', { skip }, async () => {
  await page.setViewportSize({ width: 360, height: 500 });
  await bothChange();
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  const inSight = () => banner().getByText('3 to choose').evaluate((text) => {
    const { top, bottom } = text.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });
  assert.equal(await inSight(), false, 'it is off the screen');
  await bar().getByRole('button', { name: 'Choose between theirs and yours first.' }).press('Enter');
  await until(inSight, 'it is in sight');
  assert.equal(await page.getByRole('region', { name: 'Theirs and yours' }).evaluate((place) => place === document.activeElement), true);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.ariaLabel), 'Take theirs: Organization Name');
});

test('Reset takes all of theirs', { skip }, async () => {
  await bothChange();
  await bar().getByRole('button', { name: 'Reset' }).click();
  await banner().waitFor({ state: 'detached' });
  assert.equal(await name().inputValue(), 'Theirs');
  assert.deepEqual(await chips('Blocked Packs'), ['finance', 'people-ops', 'devops']);
});

test('a change that no event announced is found on saving, and nothing is overwritten', { skip }, async () => {
  await page.finish();
  page = await openPage(host, { route: 'policies', allow: /./, silent: true });
  await name().fill('Ours');
  await host.rpc('admin:policiesUpdate', [{ general: { orgName: 'Theirs' } }]);
  await bar().getByRole('button', { name: 'Save Policies' }).click();
  await page.getByRole('alert').getByText(/^the user policy has changed: its revision is/).waitFor();
  await banner().getByText('1 to choose').waitFor();
  assert.equal(host.read('policies.json').general.orgName, 'Theirs');
  await page.getByRole('button', { name: 'Keep mine: Organization Name' }).click();
  await bar().getByRole('button', { name: 'Save Policies' }).click();
  await page.getByText('Policies saved').waitFor();
  assert.equal(host.read('policies.json').general.orgName, 'Ours');
});

test('a host that comes back is asked anew', { skip }, async () => {
  await page.context().setOffline(true);
  await host.rpc('admin:policiesUpdate', [{ general: { orgName: 'Meanwhile' } }]);
  await page.context().setOffline(false);
  await value(name(), 'Meanwhile');
});
