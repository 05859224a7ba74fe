// A page that knows only the documented Preload API, served beside the host.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after, before } from 'node:test';
import { closeBrowser, openPage, skip, startHost, until } from './harness.mjs';

const page = (script) =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Renderer</title>${script}<script src="renderer.js"></script><pre id="out"></pre></html>`;
const renderer = `
addEventListener('DOMContentLoaded', async () => {
  const out = document.getElementById('out');
  const say = (value) => (out.textContent += JSON.stringify(value) + '\\n');
  try {
    const policies = await window.electronAPI.getAdminPolicies();
    say(policies.packs);
    const updated = await window.electronAPI.updateAdminPolicies({
      packs: { blocked: ['unwanted-pack'] },
      general: { allowGitInstall: false },
    });
    say([updated.packs.blocked, updated.general.allowGitInstall]);
    say(await window.electronAPI.checkPackPolicy('engineering'));
    say(await window.electronAPI.checkPackPolicy('unwanted-pack'));
    await window.electronAPI.updateAdminPolicies({ agents: { maxConcurrentAgents: 0 } });
  } catch (error) {
    say([error instanceof Error, error.message]);
  }
  say('end');
});
`;
const classic = '<script src="/client/electron-api.js"></script>';
const module = '<script type="module" src="/client/electron-api.js"></script>';

let host;
let pages;
before(async () => {
  if (skip) return;
  pages = mkdtempSync(path.join(tmpdir(), 'cowork-pages-'));
  writeFileSync(path.join(pages, 'classic.html'), page(classic));
  writeFileSync(path.join(pages, 'module.html'), page(module));
  writeFileSync(path.join(pages, 'renderer.js'), renderer);
  host = await startHost({ pages });
});
after(async () => {
  await closeBrowser();
  await host?.stop();
  if (pages) rmSync(pages, { recursive: true, force: true });
});

const spoken = async (view) => {
  const text = await until(async () => {
    const found = await view.locator('#out').textContent();
    return found.includes('"end"') && found;
  }, 'the page is done');
  return text.trim().split('\n').map((line) => JSON.parse(line));
};
const expected = [
  { allowed: [], blocked: [], required: [] },
  [['unwanted-pack'], false],
  { packId: 'engineering', allowed: true, required: false },
  { packId: 'unwanted-pack', allowed: false, required: false },
  [true, 'agents.maxConcurrentAgents must be an integer of at least 1, not 0'],
  'end',
];

for (const kind of ['classic', 'module']) {
  test(`${kind} script: reads, changes and checks policies`, { skip }, async () => {
    await host.rpc('admin:policiesUpdate', [{ packs: null, general: null }]);
    const { hash } = new URL(await host.openConsole());
    const view = await openPage(host, { address: `${host.url}/pages/${kind}.html${hash}` });
    // It calls as soon as it can: before the exchange of the code is over.
    assert.deepEqual(await spoken(view), expected);
    assert.equal(view.url(), `${host.url}/pages/${kind}.html`, 'the code is gone from the address');
    assert.deepEqual(host.read('policies.json').packs.blocked, ['unwanted-pack']);
    assert.equal(host.read('policies.json').general.allowGitInstall, false);
    await host.rpc('admin:policiesUpdate', [{ packs: null, general: null }]);
    await view.reload();
    assert.deepEqual(await spoken(view), expected, 'the session outlives a reload');
    await view.finish();
  });
}

test('a page without a session hears so', { skip }, async () => {
  const view = await openPage(host, { address: `${host.url}/pages/classic.html` });
  assert.deepEqual(await spoken(view), [[true, 'The host does not know this session'], 'end']);
  await view.finish();
});
