// The registry: what it knows, and how what it knows is installed. The same ways as `cowork pack install NAME` takes.
import { call, RpcError } from '../../rpc';
import type { Install } from './installing';

export interface RegistryEntry {
  id: string;
  name: string;
  displayName: string;
  description: string;
  version: string;
  author: string;
  icon?: string;
  category?: string;
  tags?: string[];
  gitUrl?: string;
  downloadUrl?: string;
  sha256?: string;
  skillCount?: number;
  agentCount?: number;
}

export interface SearchReply {
  total: number;
  page: number;
  pageSize: number;
  results: RegistryEntry[];
}

/** What an entry is installed by; undefined when it names no address. */
export function installOf(entry: RegistryEntry): Install | undefined {
  // The pack must be the one that the entry names: an entry never replaces another pack.
  const options: Record<string, unknown> = { name: entry.name };
  if (entry.sha256) options.sha256 = entry.sha256;
  if (entry.gitUrl) return { operation: 'pluginPack:installGit', location: entry.gitUrl, options };
  if (entry.downloadUrl) return { operation: 'pluginPack:installUrl', location: entry.downloadUrl, options };
  return undefined;
}

interface Explanation {
  allowed: boolean;
  code?: string;
  message?: string;
  why?: string;
  try?: string;
}

/** Throws the policy's refusal before a byte is fetched: what may not be enabled may not be installed either. */
async function checkPermitted(packName: string): Promise<void> {
  const answer = await call<Explanation>('admin:explain', ['pluginPack:toggle', [packName, true]]).catch(
    () => undefined,
  );
  if (!answer || answer.allowed || !answer.message) return;
  if (answer.code === 'policy-denied' || answer.code === 'policy-unavailable')
    throw new RpcError(answer.message, { ...answer });
}

/** Throws RpcError where the policy or the entry forbids it. */
export async function permittedInstall(entry: RegistryEntry): Promise<Install> {
  await checkPermitted(entry.name);
  const install = installOf(entry);
  if (install) return install;
  throw new RpcError(`The registry does not say where ${entry.displayName} comes from`, {
    code: 'not-found',
    why: 'its entry has neither gitUrl nor downloadUrl',
  });
}

/** From where the registry says now: the address that a pack was installed from may be an old one. */
export async function updateInstall(packName: string): Promise<Install> {
  const { results } = await call<SearchReply>('pluginPack:registrySearch', [packName]);
  const entry = results.find(({ name }) => name === packName);
  if (!entry) throw new RpcError(`The registry has no pack "${packName}" any more`, { code: 'not-found' });
  const install = await permittedInstall(entry);
  return { ...install, options: { ...install.options, replace: true } };
}
