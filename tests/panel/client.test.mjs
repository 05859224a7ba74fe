// The JavaScript client from Node, over the Unix socket and over HTTP.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { panel, root, skip, startHost } from './harness.mjs';

const file = path.join(panel, 'dist/client/electron-api.js');
const names = [
  'getAdminPolicies',
  'updateAdminPolicies',
  'checkPackPolicy',
  'listPluginPacks',
  'getPluginPack',
  'togglePluginPack',
  'togglePluginPackSkill',
  'getActiveContext',
  'scaffoldPluginPack',
  'installPluginPackFromGit',
  'installPluginPackFromUrl',
  'uninstallPluginPack',
  'checkPackUpdates',
  'searchPackRegistry',
  'getPackRegistryDetails',
  'getPackRegistryCategories',
];
const catalog = {
  version: 1,
  updatedAt: '2025-01-15T12:00:00Z',
  packs: [
    { id: 'crm', name: 'crm-pack', displayName: 'CRM', description: 'Customers', version: '2.0.0', author: 'Acme', category: 'Sales', downloadUrl: 'https://packs.example/crm.zip' },
    { id: 'ops', name: 'ops-pack', displayName: 'Operations', description: 'Machines', version: '1.0.0', author: 'Acme', category: 'Engineering', gitUrl: 'https://packs.example/ops.git' },
  ],
};

let host;
let scratch;
const clients = {};
before(async () => {
  if (skip) return;
  scratch = mkdtempSync(path.join(tmpdir(), 'cowork-client-'));
  writeFileSync(path.join(scratch, 'pack-catalog.json'), JSON.stringify(catalog));
  host = await startHost({ settings: { registry: { url: scratch } } });
  const { createElectronAPI } = await import(file);
  clients.socket = createElectronAPI({ socket: host.socket });
  clients.http = createElectronAPI({ url: `${host.url}/`, token: host.token() });
});
after(async () => {
  await host?.stop();
  if (scratch) rmSync(scratch, { recursive: true, force: true });
});

for (const transport of ['socket', 'http']) {
  test(`${transport}: every function, with the results of the documentation`, { skip }, async () => {
    const api = clients[transport];
    await host.rpc('admin:policiesUpdate', [{ packs: null, general: null }]);
    assert.deepEqual(Object.keys(api), names);

    const policies = await api.getAdminPolicies();
    assert.deepEqual(policies, {
      version: 1,
      updatedAt: policies.updatedAt,
      packs: { allowed: [], blocked: [], required: [] },
      connectors: { blocked: [] },
      agents: { maxHeartbeatFrequencySec: 60, maxConcurrentAgents: 10 },
      general: { allowCustomPacks: true, allowGitInstall: true, allowUrlInstall: true },
    });
    const updated = await api.updateAdminPolicies({ packs: { blocked: ['finance'] }, general: { allowGitInstall: false, orgName: 'Acme' } });
    assert.deepEqual(updated.packs, { allowed: [], blocked: ['finance'], required: [] });
    assert.equal(updated.general.orgName, 'Acme');
    assert.deepEqual(await api.getAdminPolicies(), updated);
    assert.deepEqual(await api.checkPackPolicy('engineering'), { packId: 'engineering', allowed: true, required: false });
    assert.deepEqual(await api.checkPackPolicy('finance'), { packId: 'finance', allowed: false, required: false });

    const packs = await api.listPluginPacks();
    assert.ok(packs.length >= 12);
    const pack = await api.getPluginPack('engineering-pack');
    assert.deepEqual(pack, packs.find(({ name }) => name === 'engineering-pack'));
    assert.equal(await api.getPluginPack('nobody'), null);
    assert.deepEqual(await api.togglePluginPack('devops-pack', false), { success: true, name: 'devops-pack', enabled: false });
    assert.deepEqual(await api.togglePluginPack('devops-pack', true), { success: true, name: 'devops-pack', enabled: true });
    const skillId = pack.skills[0].id;
    assert.deepEqual(await api.togglePluginPackSkill('engineering-pack', skillId, false), { success: true, packName: 'engineering-pack', skillId, enabled: false });
    await api.togglePluginPackSkill('engineering-pack', skillId, true);
    const context = await api.getActiveContext();
    assert.deepEqual(Object.keys(context).sort(), ['agentRoles', 'connectors', 'skills', 'slashCommands']);
    assert.ok(context.skills.some(({ packName }) => packName === 'engineering-pack'));

    const made = await api.scaffoldPluginPack({ name: `made-${transport}`, displayName: 'Made' });
    assert.equal(made.success, true, made.error);
    assert.ok(made.filesCreated.length > 0);
    assert.deepEqual(await api.uninstallPluginPack(`made-${transport}`), { success: true, packName: `made-${transport}` });

    assert.deepEqual(await api.checkPackUpdates(), []);
    const found = await api.searchPackRegistry('crm', { page: 1, pageSize: 12, category: undefined });
    assert.deepEqual([found.query, found.total, found.page, found.pageSize], ['crm', 1, 1, 12]);
    assert.deepEqual(found.results, [catalog.packs[0]]);
    assert.equal((await api.searchPackRegistry('')).total, 2);
    assert.deepEqual(await api.getPackRegistryDetails('ops'), catalog.packs[1]);
    assert.equal(await api.getPackRegistryDetails('nobody'), null);
    assert.deepEqual(await api.getPackRegistryCategories(), ['Engineering', 'Sales']);

    const cleared = await api.updateAdminPolicies({ packs: { blocked: undefined }, general: { orgName: undefined, allowGitInstall: undefined } });
    assert.deepEqual(cleared.packs.blocked, []);
    assert.equal('orgName' in cleared.general, false, 'undefined clears');
    assert.equal(cleared.general.allowGitInstall, true);
    await api.updateAdminPolicies({ general: { orgName: 'Acme' } });
    const whole = await api.updateAdminPolicies({ general: undefined });
    assert.equal('orgName' in whole.general, false, 'a section too');
  });

  test(`${transport}: what is refused is told in the host's words`, { skip }, async () => {
    const api = clients[transport];
    await api.updateAdminPolicies({
      packs: { blocked: ['finance'], required: ['engineering'] },
      general: { allowCustomPacks: false, allowGitInstall: false, allowUrlInstall: false },
    });
    const refused = async (attempt, method, params) => {
      const { message, data } = await host.rpc(method, params).then(
        () => assert.fail(`${method} was not refused`),
        (error) => error,
      );
      const fault = await attempt().then(
        () => assert.fail(`${method} did not reject`),
        (error) => error,
      );
      assert.ok(fault instanceof Error);
      assert.equal(fault.message, message);
      assert.equal(fault.code, data.code);
      assert.deepEqual(fault.data, data);
      return fault;
    };
    const toggled = await refused(() => api.togglePluginPack('finance-pack', true), 'pluginPack:toggle', ['finance-pack', true]);
    assert.equal(toggled.message, 'Pack "finance-pack" is blocked by admin policy');
    assert.equal(toggled.code, 'policy-denied');
    await refused(() => api.togglePluginPack('engineering-pack', false), 'pluginPack:toggle', ['engineering-pack', false]);
    await refused(() => api.togglePluginPackSkill('engineering-pack', 'nobody', true), 'pluginPack:toggleSkill', ['engineering-pack', 'nobody', true]);
    await refused(() => api.updateAdminPolicies({ agents: { maxConcurrentAgents: 0 } }), 'admin:policiesUpdate', [{ agents: { maxConcurrentAgents: 0 } }]);
    await refused(() => api.checkPackPolicy(''), 'admin:checkPack', ['']);
    await refused(() => api.checkPackPolicy(undefined), 'admin:checkPack', []);

    const failed = async (attempt, method, params) => {
      const { message } = await host.rpc(method, params).catch((error) => error);
      assert.deepEqual(await attempt(), { success: false, error: message });
      return message;
    };
    assert.match(await failed(() => api.scaffoldPluginPack({ name: 'x', displayName: 'X' }), 'pluginPack:scaffold', [{ name: 'x', displayName: 'X' }]), /^Installation disabled by admin policy/);
    assert.match(await failed(() => api.installPluginPackFromUrl('https://packs.example/x.zip'), 'pluginPack:installUrl', ['https://packs.example/x.zip']), /^Installation disabled by admin policy/);
    await failed(() => api.installPluginPackFromGit('github:acme/crm'), 'pluginPack:installGit', ['https://github.com/acme/crm.git']);
    await failed(() => api.uninstallPluginPack('engineering-pack'), 'pluginPack:uninstall', ['engineering-pack']);
    await failed(() => api.uninstallPluginPack('nobody'), 'pluginPack:uninstall', ['nobody']);
    await api.updateAdminPolicies({ packs: undefined, general: undefined });
  });
}

test('github:owner/repo becomes an address', { skip }, async () => {
  // What was asked for stands in the audit trail.
  await clients.socket.updateAdminPolicies({ general: { allowGitInstall: false } });
  for (const source of ['github:acme/crm', 'github:acme/crm.git', 'https://github.com/acme/crm.git'])
    assert.equal((await clients.socket.installPluginPackFromGit(source)).success, false);
  const { lines } = await host.rpc('audit:query', [{ operation: 'pluginPack:installGit', limit: 3 }]);
  for (const { subject } of lines) assert.equal(subject, 'https://github.com/acme/crm.git');
  await clients.socket.updateAdminPolicies({ general: { allowGitInstall: undefined } });
});

test('calls at once are answered each with its own', { skip }, async () => {
  for (const api of Object.values(clients)) {
    const ids = Array.from({ length: 60 }, (_, index) => `pack-${index}`);
    const answers = await Promise.all(ids.map((id) => api.checkPackPolicy(id)));
    assert.deepEqual(answers.map(({ packId }) => packId), ids);
  }
});

test('a wrong token, and a host that is not there', { skip }, async () => {
  const { createElectronAPI } = await import(file);
  const stranger = createElectronAPI({ url: host.url, token: '0'.repeat(64) });
  await assert.rejects(stranger.getAdminPolicies(), { message: 'The host does not know this session', code: 'no-session', try: 'cowork open' });
  assert.deepEqual(await stranger.uninstallPluginPack('x'), { success: false, error: 'The host does not know this session' });
  const nobody = createElectronAPI({ socket: path.join(scratch, 'nobody.sock') });
  await assert.rejects(nobody.getAdminPolicies(), { message: 'The host cannot be reached', code: 'offline', try: 'cowork serve' });
});

test('the socket is opened anew after the host was gone', { skip }, async () => {
  const { createElectronAPI } = await import(file);
  const first = await startHost();
  const link = path.join(scratch, 'moving.sock');
  const { symlinkSync, unlinkSync } = await import('node:fs');
  symlinkSync(first.socket, link);
  const api = createElectronAPI({ socket: link });
  await api.getAdminPolicies();
  await first.stop();
  await assert.rejects(api.getAdminPolicies(), { code: 'offline' });
  unlinkSync(link);
  symlinkSync(host.socket, link);
  assert.equal((await api.getAdminPolicies()).version, 1);
});

test('require, import, and a process that ends by itself', { skip }, () => {
  const call = `createElectronAPI({ socket: ${JSON.stringify(host.socket)} }).checkPackPolicy('x').then((check) => console.log(JSON.stringify(check)));`;
  const expected = '{"packId":"x","allowed":true,"required":false}\n';
  const run = (words) => execFileSync(process.execPath, words, { encoding: 'utf8', timeout: 20_000 });
  assert.equal(run(['-e', `const { createElectronAPI } = require(${JSON.stringify(file)}); ${call}`]), expected);
  assert.equal(run(['--input-type=module', '-e', `import { createElectronAPI } from ${JSON.stringify(file)}; ${call}`]), expected);
});

test('the types cover every function', { skip }, () => {
  const require = createRequire(path.join(panel, 'package.json'));
  const source = path.join(root, 'tests/panel/client_types.ts');
  for (const name of names) assert.match(readFileSync(source, 'utf8'), new RegExp(`window\\.electronAPI\\.${name}\\(`), name);
  execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom', '--module', 'esnext', '--moduleResolution', 'bundler', source], { encoding: 'utf8' });
});
