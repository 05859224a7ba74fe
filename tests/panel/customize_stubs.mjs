// Answers in the host's stead, for what a host on this machine can't be brought to say: a registry, a slow download, a
// list that is out of date. Everything else goes to the real host.

import { openPage } from './harness.mjs';

/**
 * `answers`: method → function of the parameters that gives the result, or throws an object `{code, message, why?, try?}`
 * for an error; or a promise of either. `asked` gathers the parameters of the stubbed calls.
 */
export async function stub(page, answers) {
  const asked = [];
  await page.route('**/rpc', async (route) => {
    const request = JSON.parse(route.request().postData());
    const answer = answers[request.method];
    if (!answer) return route.fallback();
    asked.push([request.method, request.params]);
    let reply;
    try {
      reply = { result: await answer(request.params, route) };
    } catch (fault) {
      if (fault instanceof Error) throw fault;
      const { message, ...data } = fault;
      reply = { error: { code: -32000, message, data } };
    }
    await route.fulfill({ json: { jsonrpc: '2.0', id: request.id, ...reply } }).catch(() => {});
  });
  return asked;
}

/** Lets a test send events of its own among those of the host. To be called before the console is opened. */
export async function interceptEvents(page) {
  let toPage;
  await page.routeWebSocket('**/events', (socket) => {
    socket.connectToServer();
    toPage = socket;
  });
  return (method, params) => toPage.send(JSON.stringify({ jsonrpc: '2.0', method, params }));
}

export const noRegistry = () => {
  throw {
    code: 'not-found',
    message: 'no registry is configured',
    why: 'host.json has no "registry"',
    try: 'cowork paths',
  };
};

/** What an installation answers. */
export const installed = (name, version = '1.0.0') => ({
  success: true,
  packName: name,
  manifest: { displayName: name, version },
  skillCount: 2,
  agentCount: 1,
});

/** The dialog “Add a pack” at `tab`, without a registry; `answers` as of stub(); `prepare(page)` runs before the console is opened. */
export async function openDialog(host, tab, answers = {}, prepare = async () => {}) {
  const page = await openPage(host, { session: false });
  const events = await prepare(page);
  page.asked = await stub(page, {
    'pluginPack:registrySearch': noRegistry,
    'pluginPack:registryCategories': noRegistry,
    ...answers,
  });
  // Only a new document takes what was prepared.
  await page.reload();
  await page.goto(await host.openConsole());
  await page.getByRole('link', { name: 'DevOps' }).waitFor();
  await page.getByRole('button', { name: 'Add a pack' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a pack' });
  await dialog.getByRole('tab', { name: tab }).click();
  return { page, dialog, events };
}
