// The Preload API over JSON-RPC. One file for a classic script, a module, `require` and `import`: in a page it provides
// window.electronAPI, elsewhere createElectronAPI.
import { hostError, type Transport } from './failures';
import { httpTransport } from './http_transport';
import { openSession } from './session';
import { socketTransport } from './socket_transport';
import type { ElectronAPI, ElectronAPIOptions, Failure } from './types/electron-api';

const gitHubPattern = /^github:([^/\s]+)\/([^/\s]+?)(?:\.git)?$/;

function gitAddress(source: string): string {
  return String(source).replace(gitHubPattern, 'https://github.com/$1/$2.git');
}

/** JSON leaves members out that are undefined; in an update they clear, which is said by null. */
function cleared(value: unknown): unknown {
  if (value === undefined) return null;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, cleared(member)]));
}

function apiOver(transport: Transport): ElectronAPI {
  let lastId = 0;
  async function call<T>(method: string, ...params: unknown[]): Promise<T> {
    while (params.length > 0 && params[params.length - 1] === undefined) params.pop();
    const reply = await transport({ jsonrpc: '2.0', id: ++lastId, method, params });
    // Errors of HTTP itself have their code beside the message.
    if (reply.error) throw hostError(reply.error.message, reply.error.data ?? { code: reply.error.code });
    return reply.result as T;
  }
  async function attempt<T>(method: string, ...params: unknown[]): Promise<T | Failure> {
    try {
      return await call<T>(method, ...params);
    } catch (fault) {
      return { success: false, error: (fault as Error).message };
    }
  }
  return {
    getAdminPolicies: () => call('admin:policiesGet'),
    updateAdminPolicies: (updates) => call('admin:policiesUpdate', cleared(updates)),
    checkPackPolicy: (packId) => call('admin:checkPack', packId),
    listPluginPacks: () => call('pluginPack:list'),
    getPluginPack: (name) => call('pluginPack:get', name),
    togglePluginPack: (name, enabled) => call('pluginPack:toggle', name, enabled),
    togglePluginPackSkill: (packName, skillId, enabled) => call('pluginPack:toggleSkill', packName, skillId, enabled),
    getActiveContext: () => call('pluginPack:getContext'),
    scaffoldPluginPack: (options) => attempt('pluginPack:scaffold', options),
    installPluginPackFromGit: (gitUrl) => attempt('pluginPack:installGit', gitAddress(gitUrl)),
    installPluginPackFromUrl: (url) => attempt('pluginPack:installUrl', url),
    uninstallPluginPack: (packName) => attempt('pluginPack:uninstall', packName),
    checkPackUpdates: () => call('pluginPack:checkUpdates'),
    searchPackRegistry: (query, options) => call('pluginPack:registrySearch', query, options),
    getPackRegistryDetails: (packId) => call('pluginPack:registryDetails', packId),
    getPackRegistryCategories: () => call('pluginPack:registryCategories'),
  };
}

export function createElectronAPI(options: ElectronAPIOptions): ElectronAPI {
  if ('socket' in options) return apiOver(socketTransport(options.socket));
  const { url, token } = options;
  return apiOver(httpTransport(url.replace(/\/+$/, ''), async () => token));
}

/** Of this page: the code in its address is taken out at once, calls wait until it is exchanged. */
function pageAPI(): ElectronAPI {
  let session = openSession();
  session.catch(() => {});
  return apiOver(
    httpTransport('', () => {
      // An exchange that failed for want of a network is no answer; what the tab has stored may still be good.
      return session.catch(() => (session = openSession()));
    }),
  );
}

if (typeof window === 'object' && typeof document === 'object') window.electronAPI = pageAPI();
