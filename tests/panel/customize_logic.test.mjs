// What the pages decide without a browser: groups, filters, addresses, words.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import test from 'node:test';
import { panel } from './harness.mjs';

async function load(file) {
  const { build } = createRequire(path.join(panel, 'package.json'))('esbuild');
  const { outputFiles } = await build({
    entryPoints: [path.join(panel, 'src/pages', file)],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

const pack = (name, more = {}) => ({
  name,
  alias: name,
  displayName: name,
  description: '',
  scope: 'builtin',
  skills: [],
  state: 'active',
  enabled: true,
  policyBlocked: false,
  policyRequired: false,
  ...more,
});
const filter = (more = {}) => ({ text: '', conditions: new Set(), category: '', ...more });
const none = new Map();

test('packs stand under their tiers, by displayed name, with counts of all', async () => {
  const { grouped } = await load('customize/pack_list.ts');
  const packs = [
    pack('b', { displayName: 'beta 10' }),
    pack('a', { displayName: 'Beta 9' }),
    pack('mine', { scope: 'user' }),
    pack('sales', { scope: 'organization' }),
  ];
  const groups = grouped(packs, filter({ text: 'beta 9' }), none);
  assert.deepEqual(
    groups.map(({ title, total, packs }) => [title, total, packs.map(({ name }) => name)]),
    [
      ['Builtin', 2, ['a']],
      ['Organization', 1, []],
      ['Yours', 1, []],
    ],
  );
  assert.deepEqual(
    grouped(packs, filter(), none)[0].packs.map(({ name }) => name),
    ['a', 'b'],
  );
});

test('a search looks into names, aliases, descriptions, categories and skills, word by word', async () => {
  const { containsWords, foundSkill } = await load('customize/pack_list.ts');
  const found = pack('engineering-pack', {
    alias: 'engineering',
    displayName: 'Engineering',
    description: 'For people who change code',
    category: 'Craft',
    skills: [{ id: 'bug-hunt', name: 'Bug hunt', description: 'Turns a symptom into hypotheses' }],
  });
  const cases = [
    ['', true],
    ['ENGINEER', true],
    ['change   craft', true],
    ['hypotheses people', true],
    ['bug-hunt', true],
    ['ｃｒａｆｔ', true],
    ['prompt', false],
    ['change nothing', false],
  ];
  for (const [query, expected] of cases) assert.equal(containsWords(found, query), expected, query);
  assert.equal(foundSkill(found, 'symptom'), 'Bug hunt');
  assert.equal(foundSkill(found, 'craft'), undefined);
  assert.equal(foundSkill(found, ' '), undefined);
});

test('each filter takes what it says, and several take what meets all', async () => {
  const { isShown, meets } = await load('customize/pack_list.ts');
  const packs = {
    on: pack('on'),
    off: pack('off', { enabled: false, state: 'disabled' }),
    blocked: pack('blocked', { enabled: false, state: 'disabled', policyBlocked: true }),
    required: pack('required', { policyRequired: true }),
    wrong: pack('wrong', { state: 'error', error: 'no library' }),
    quarantined: pack('quarantined', { state: 'quarantined' }),
  };
  const updates = new Map([['on', '2.0.0']]);
  const expected = {
    enabled: ['on', 'required', 'wrong', 'quarantined'],
    disabled: ['off'],
    blocked: ['blocked'],
    required: ['required'],
    updates: ['on'],
    errors: ['wrong', 'quarantined'],
  };
  for (const [condition, names] of Object.entries(expected)) {
    assert.deepEqual(
      Object.values(packs)
        .filter((one) => meets(one, condition, updates))
        .map(({ name }) => name),
      names,
      condition,
    );
  }
  const both = filter({ conditions: new Set(['enabled', 'required']) });
  assert.deepEqual(
    Object.values(packs)
      .filter((one) => isShown(one, both, updates))
      .map(({ name }) => name),
    ['required'],
  );
});

test('a text goes to the operation that `cowork pack install` would take', async () => {
  const { addressSource, pathSource } = await load('customize/install_source.ts');
  const git = (location) => ({ operation: 'pluginPack:installGit', location });
  const url = (location) => ({ operation: 'pluginPack:installUrl', location });
  const cases = [
    ['github:acme/crm-pack', git('https://github.com/acme/crm-pack.git')],
    ['GITHUB:acme/crm.git', git('https://github.com/acme/crm.git')],
    ['git+https://git.example.org/pack', git('https://git.example.org/pack')],
    [' https://git.example.org/pack.git/ ', git('https://git.example.org/pack.git/')],
    ['https://example.org/pack.tar.gz', url('https://example.org/pack.tar.gz')],
    ['http://example.org/pack.zip', url('http://example.org/pack.zip')],
    ['', { fault: 'Give the address of a repository, an archive or a manifest' }],
    ['github:acme', { fault: 'A repository on GitHub is written github:owner/repo' }],
    ['github:-x/y', { fault: 'A repository on GitHub is written github:owner/repo' }],
    ['github:acme/../x', { fault: 'A repository on GitHub is written github:owner/repo' }],
    ['ssh://git@example.org/x', { fault: 'An address begins with https://, git+https:// or github:' }],
    ['git@example.org:x', { fault: 'An address begins with https://, git+https:// or github:' }],
  ];
  for (const [text, expected] of cases) assert.deepEqual(addressSource(text), expected, text);
  assert.deepEqual(pathSource('/packs/x'), { operation: 'pluginPack:install', location: '/packs/x' });
  assert.deepEqual(pathSource('packs/x'), { fault: 'The path must be absolute: it begins with /' });
  assert.deepEqual(pathSource(''), { fault: 'Give the path of a directory or an archive' });
});

test('an address is masked as the host masks it', async () => {
  const { maskedAddress } = await load('customize/install_source.ts');
  const cases = [
    ['https://example.org/x.zip', 'https://example.org/x.zip'],
    ['https://user:secret@example.org/x?token=y', 'https://***@example.org/x?***'],
    ['https://example.org/x#part', 'https://example.org/x?***'],
    ['https://a@b@example.org', 'https://***@example.org'],
    ['https://example.org/a@b', 'https://example.org/a@b'],
    ['/packs/a?b', '/packs/a?b'],
  ];
  for (const [address, expected] of cases) assert.equal(maskedAddress(address), expected);
});

test('the name rule is that of the manifest', async () => {
  const { isPackName } = await load('customize/install_source.ts');
  for (const name of ['a', '0', 'my-pack_2', 'a'.repeat(128)]) assert.equal(isPackName(name), true, name);
  for (const name of ['', 'A', '-a', '_a', 'a b', 'a.b', 'é', 'a\n', 'a'.repeat(129)])
    assert.equal(isPackName(name), false, name);
});

test('progress is told in words and in a share', async () => {
  const { progressWords, progressShare, isAbout } = await load('customize/install_progress.ts');
  const told = (more) => ({
    operation: 'pluginPack:installUrl',
    subject: 'https://example.org/x?***',
    phase: 'download',
    bytes: 0,
    ...more,
  });
  assert.equal(progressWords(told({ phase: 'resolve' })), 'Looking up the address…');
  assert.equal(progressWords(told({ bytes: 999 })), 'Downloading: 999 B');
  assert.equal(progressWords(told({ bytes: 1500, total: 3_000_000 })), 'Downloading: 1.5 kB of 3.0 MB');
  assert.equal(progressWords(told({ phase: 'later', bytes: 1 })), 'later: 1 B');
  assert.equal(progressShare(told({ bytes: 5 })), undefined);
  assert.equal(progressShare(told({ bytes: 5, total: 10 })), 0.5);
  assert.equal(progressShare(told({ bytes: 50, total: 10 })), 1);
  assert.equal(isAbout(told(), 'pluginPack:installUrl', 'https://example.org/x?token=1'), true);
  assert.equal(isAbout(told(), 'pluginPack:installGit', 'https://example.org/x?token=1'), false);
  assert.equal(isAbout(told(), 'pluginPack:installUrl', 'https://example.org/y?token=1'), false);
});

test('of a manifest, only a colour becomes a colour and only a sign becomes an icon', async () => {
  const { safeColor, shortIcon } = await load('customize/pack.ts');
  assert.equal(safeColor('#2f6fAB'), '#2f6fAB');
  for (const color of ['red', '#fff', '#12345g', 'url(x)', '#123456;x', '#123456\n', undefined])
    assert.equal(safeColor(color), undefined);
  const cases = [
    ['🧭', 'Pack', '🧭'],
    ['👩‍💻', 'Pack', '👩‍💻'],
    ['🧭🧭🧭', 'Pack', '🧭'],
    ['JS', 'Pack', 'JS'],
    ['<script>', 'Pack', '<s'],
    ['', ' engineering', 'E'],
    [undefined, '', ''],
  ];
  for (const [icon, fallback, expected] of cases) assert.equal(shortIcon(icon, fallback), expected);
});

test('a question to the trail has what was chosen, one line more than is shown, and UTC', async () => {
  const { queryOptions, noFilter, newestFirst } = await load('activity/audit.ts');
  const now = new Date('2026-01-02T12:00:00.500Z');
  assert.deepEqual(queryOptions(noFilter, 100, now), { limit: 101 });
  assert.deepEqual(
    queryOptions(
      { ...noFilter, operation: 'pluginPack:toggle', subject: ' x ', verdict: 'denied', period: 'day' },
      10,
      now,
    ),
    {
      limit: 11,
      operation: 'pluginPack:toggle',
      subject: 'x',
      verdict: 'denied',
      since: '2026-01-01T12:00:00Z',
    },
  );
  const local = queryOptions({ ...noFilter, period: 'since', since: '2026-01-02T03:04' }, 10, now).since;
  assert.equal(local, new Date(2026, 0, 2, 3, 4).toISOString().replace('.000', ''));
  assert.deepEqual(queryOptions({ ...noFilter, period: 'since' }, 10, now), { limit: 11 });
  assert.deepEqual(newestFirst([{ seq: 1 }, { seq: 2 }, { seq: 3 }], 2), [{ seq: 3 }, { seq: 2 }]);
});

test('a rule of the trail is named by its pointer and its layer', async () => {
  const { ruleName, rulePlace } = await load('activity/audit.ts');
  const rule = { layer: 'user', file: '/h/policies.json', line: 6, pointer: '/packs/blocked/0' };
  assert.equal(ruleName(rule), 'packs.blocked (user)');
  assert.equal(ruleName({ layer: '' }), 'policy');
  assert.equal(rulePlace(rule), '/h/policies.json:6 (/packs/blocked/0)');
  assert.equal(rulePlace({ file: '/h/policies.json' }), '/h/policies.json');
  assert.equal(rulePlace({}), '');
});

test('the chain is shown by phase, for one operation or for all', async () => {
  const { byPhase, operationsOf, stepOf, shareOf, wholeMicros, microsWords } = await load('chain/chain.ts');
  const members = [
    { name: 'audit', phase: 'observe', operations: ['a', 'b'], source: 'host' },
    { name: 'quiet', phase: 'application', operations: ['b'], source: 'pack' },
    { name: 'admin-policy', phase: 'policy', operations: ['a'], source: 'host' },
    { name: 'new', phase: 'later', operations: ['a'], source: 'host' },
  ];
  const shown = (operation) =>
    byPhase(members, operation).map(({ phase, members }) => [phase, members.map(({ name }) => name)]);
  assert.deepEqual(shown('a'), [
    ['observe', ['audit']],
    ['application', []],
    ['policy', ['admin-policy']],
    ['later', ['new']],
  ]);
  assert.deepEqual(shown('b'), [
    ['observe', ['audit']],
    ['application', ['quiet']],
    ['policy', []],
  ]);
  assert.deepEqual(operationsOf(members), ['a', 'b']);
  const call = {
    operation: 'a',
    id: 1,
    finishedAt: '',
    ok: true,
    steps: [
      { name: 'audit', phase: 'observe', micros: 1 },
      { name: 'handler', phase: 'handler', micros: 3 },
    ],
  };
  assert.equal(stepOf(call, '', 'audit').micros, 1);
  assert.equal(stepOf(call, 'b', 'audit'), undefined);
  assert.equal(stepOf(null, '', 'audit'), undefined);
  assert.equal(wholeMicros(call), 4);
  assert.equal(shareOf(call.steps[1], call), 0.75);
  assert.deepEqual([0.345, 12.6, 1500, 2_500_000].map(microsWords), ['0.34 µs', '13 µs', '1.5 ms', '2.5 s']);
});
