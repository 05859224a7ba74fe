// Hostile manifests in Customize: every text is shown as text, and of a colour only a colour is taken.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { closeBrowser, openPage, skip, startHost } from './harness.mjs';

after(closeBrowser);

const evil = (field) =>
  `<script>window.hacked="${field}"</script><img src=x onerror="window.hacked='${field}'">${field}`;

const hostileManifest = {
  name: 'hostile',
  displayName: evil('displayName'),
  version: '1.0.0',
  description: evil('description'),
  type: 'pack',
  author: evil('author'),
  icon: evil('icon'),
  category: evil('category'),
  personaTemplateId: evil('persona'),
  recommendedConnectors: [evil('recommended')],
  tryAsking: [evil('asking')],
  bestFitWorkflows: [evil('workflow')],
  outcomeExamples: [evil('outcome')],
  skills: [
    {
      id: 'evil-skill',
      name: evil('skill'),
      description: evil('skillDescription'),
      icon: evil('skillIcon'),
      prompt: evil('prompt'),
    },
  ],
  slashCommands: [{ name: evil('command'), description: evil('commandDescription'), skillId: 'evil-skill' }],
  agentRoles: [
    {
      name: evil('role'),
      displayName: evil('roleName'),
      description: evil('roleDescription'),
      icon: evil('roleIcon'),
      color: 'url(https://example.org/x)',
      systemPrompt: evil('systemPrompt'),
    },
  ],
  connectors: [
    {
      name: evil('connector'),
      description: evil('connectorDescription'),
      inputSchema: { type: 'object' },
      type: 'http',
      http: { url: 'https://example.org', method: 'GET' },
    },
  ],
};

test('markup in every field of a manifest is shown as text and runs nowhere', { skip }, async (t) => {
  const hostile = await startHost({ extensions: { hostile: { 'cowork.plugin.json': hostileManifest } } });
  t.after(hostile.stop);
  const list = await hostile.rpc('pluginPack:list');
  assert.ok(
    list.some(({ name }) => name === 'hostile'),
    hostile.output(),
  );
  const page = await openPage(hostile, { route: 'customize/hostile' });
  await page.locator('#detail-name').waitFor();
  const shown = [
    'displayName',
    'description',
    'author',
    'category',
    'persona',
    'recommended',
    'asking',
    'workflow',
    'outcome',
    'skill',
  ];
  shown.push(
    'skillDescription',
    'command',
    'commandDescription',
    'role',
    'roleName',
    'roleDescription',
    'connector',
    'connectorDescription',
  );
  const text = await page.locator('.pack-detail').innerText();
  for (const field of shown) assert.ok(text.includes(evil(field)), `${field} is not shown as text`);
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.equal(await page.locator('#app img, #app script').count(), 0);
  assert.equal(await page.locator('.role-icon').evaluate((icon) => icon.getAttribute('style') ?? ''), '');
  await page.finish();
});

test('a colour that is one reaches the page, which the content policy allows', { skip }, async (t) => {
  const host = await startHost();
  t.after(host.stop);
  const page = await openPage(host, { route: 'customize/engineering-pack' });
  const icon = page.locator('.role-icon').first();
  assert.equal(await icon.evaluate((element) => element.style.getPropertyValue('--role-color')), '#2f6fab');
  assert.equal(await icon.evaluate((element) => getComputedStyle(element).borderTopColor), 'rgb(47, 111, 171)');
  await page.finish();
});
