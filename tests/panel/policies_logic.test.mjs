// What Admin Policies decides without a browser: what is sent, what is simulated, what becomes of both sides' changes.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import test, { before } from 'node:test';
import { panel, skip } from './harness.mjs';

async function load(file) {
  const { build } = createRequire(path.join(panel, 'package.json'))('esbuild');
  const entry = path.join(panel, 'src', file);
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, write: false, format: 'esm', target: 'es2022' });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

let changes;
let nearest;
before(async () => {
  if (skip) return;
  changes = await load('pages/policies/changes.ts');
  ({ nearest } = await load('nearest.ts'));
});

const values = (more = {}) => ({
  'general.orgName': '',
  'general.orgPluginDir': '',
  'packs.blocked': [],
  'packs.required': [],
  'packs.allowed': [],
  'connectors.blocked': [],
  'agents.maxHeartbeatFrequencySec': '60',
  'agents.maxConcurrentAgents': '10',
  'general.allowCustomPacks': true,
  'general.allowGitInstall': true,
  'general.allowUrlInstall': true,
  ...more,
});
const snapshot = (more = {}, rest = {}) => ({ values: values(more), imposed: {}, document: {}, ...rest });

test('only what changed is sent', { skip }, () => {
  const cases = [
    [{}, {}, {}],
    [{}, { 'general.orgName': 'Acme' }, { general: { orgName: 'Acme' } }],
    [{ 'general.orgName': 'Acme' }, { 'general.orgName': '' }, { general: { orgName: null } }],
    [{}, { 'packs.blocked': ['a', 'b'] }, { packs: { blocked: ['a', 'b'] } }],
    [{ 'packs.blocked': ['a', 'b'] }, { 'packs.blocked': ['b', 'a'] }, {}],
    [{ 'packs.blocked': ['a'] }, { 'packs.blocked': [] }, { packs: { blocked: [] } }],
    [{}, { 'agents.maxConcurrentAgents': '3' }, { agents: { maxConcurrentAgents: 3 } }],
    [
      {},
      { 'general.allowGitInstall': false, 'packs.required': ['x'], 'general.allowUrlInstall': false },
      { packs: { required: ['x'] }, general: { allowGitInstall: false, allowUrlInstall: false } },
    ],
  ];
  for (const [before, draft, expected] of cases)
    assert.deepEqual(changes.patchOf(snapshot(before), values({ ...before, ...draft })), expected);
});

test('what the machine imposes is sent along, and not written down in the candidate', { skip }, () => {
  const imposed = { 'packs.blocked': { ids: [{ id: 'm', origin: '' }] } };
  const document = { version: 1, packs: { blocked: ['a'], required: ['r'] } };
  const now = snapshot({ 'packs.blocked': ['a'], 'packs.required': ['r'] }, { imposed, document });
  const draft = values({ 'packs.blocked': ['a', 'b'], 'packs.required': ['r'], 'general.orgName': 'Acme' });
  assert.deepEqual(changes.patchOf(now, draft), { packs: { blocked: ['m', 'a', 'b'] }, general: { orgName: 'Acme' } });
  assert.deepEqual(changes.candidateOf(now, draft), {
    version: 1,
    packs: { blocked: ['a', 'b'], required: ['r'] },
    general: { orgName: 'Acme' },
  });
  assert.deepEqual(document.packs.blocked, ['a'], 'the loaded document stays as it is');
});

test('a whitelist below the machine\'s ends by being taken out, since an empty one would allow all', { skip }, () => {
  const imposed = { 'packs.allowed': { ids: [{ id: 'm', origin: '' }] } };
  const narrowed = { 'packs.allowed': ['m'] };
  assert.deepEqual(changes.patchOf(snapshot(narrowed, { imposed }), values()), { packs: { allowed: null } });
  assert.deepEqual(changes.patchOf(snapshot(narrowed), values()), { packs: { allowed: [] } });
});

test('a member that is emptied is taken out of the candidate', { skip }, () => {
  const now = snapshot({ 'general.orgName': 'Acme' }, { document: { general: { orgName: 'Acme', allowGitInstall: false } } });
  assert.deepEqual(changes.candidateOf(now, values()), { general: { allowGitInstall: false } });
});

test('their changes and ours meet', { skip }, () => {
  const start = values({ 'packs.blocked': ['a', 'b'], 'general.orgName': 'Acme' });
  const ours = { ...start, 'packs.blocked': ['a', 'c'], 'general.allowGitInstall': false };
  const theirs = { ...start, 'packs.blocked': ['a', 'b', 'd'], 'general.orgName': 'Other', 'general.allowGitInstall': false };
  const { draft, taken, contests } = changes.rebase(start, ours, theirs);
  assert.deepEqual(taken, ['general.orgName']);
  assert.deepEqual(contests, [{ id: 'packs.blocked', before: ['a', 'b'], theirs: ['a', 'b', 'd'] }]);
  assert.equal(draft['general.orgName'], 'Other');
  assert.deepEqual(draft['packs.blocked'], ['a', 'c'], 'ours stays until somebody chooses');
  assert.deepEqual(changes.combined(contests[0], draft['packs.blocked']), ['a', 'd', 'c']);
});

test('two different switches cannot be combined', { skip }, () => {
  assert.equal(changes.combined({ id: 'general.orgName', before: 'a', theirs: 'b' }, 'c'), undefined);
});

test('numbers and paths that the host would refuse are found before it is asked, each by itself', { skip }, () => {
  const cases = [
    ['agents.maxConcurrentAgents', 'Max Concurrent Agents must be a whole number of at least 1', ['', 'ten', '-1', '1e3', '0x10', '6 0', '0', '12.5']],
    ['agents.maxHeartbeatFrequencySec', 'Max Heartbeat Frequency must be a number of at least 60', ['', 'ten', '10', '59.9']],
    ['general.orgPluginDir', 'Organization Plugin Directory must be an absolute path, such as /opt/acme/cowork-plugins', ['plugins', './a', ' /a']],
    ['general.orgPluginDir', 'Organization Plugin Directory must be a path without ".."', ['/opt/../etc', '/..']],
  ];
  for (const [id, message, texts] of cases)
    for (const text of texts) assert.deepEqual(changes.draftErrors(values({ [id]: text })), { [id]: message }, text);
  const wrong = { 'agents.maxConcurrentAgents': '0', 'agents.maxHeartbeatFrequencySec': '10', 'general.orgPluginDir': 'plugins' };
  assert.deepEqual(Object.keys(changes.draftErrors(values(wrong))).sort(), Object.keys(wrong).sort());
  const right = [
    ['agents.maxConcurrentAgents', ['1', ' 7 ', '5.0']],
    ['agents.maxHeartbeatFrequencySec', ['60', '60.5', ' 300 ']],
    ['general.orgPluginDir', ['', '/', '/opt/a..b', '/opt/acme']],
  ];
  for (const [id, texts] of right) for (const text of texts) assert.deepEqual(changes.draftErrors(values({ [id]: text })), {}, text);
});

test('the nearest known id', { skip }, () => {
  const known = ['devops', 'devops-pack', 'engineering', 'engineering-management', 'security'];
  const cases = [
    ['enginering', 'engineering'],
    ['Engineering', 'engineering'],
    ['devosp', 'devops'],
    ['engineering-managment', 'engineering-management'],
    ['secu', 'security'],
    ['zzzz', undefined],
  ];
  for (const [id, expected] of cases) assert.equal(nearest(id, known), expected, id);
});
