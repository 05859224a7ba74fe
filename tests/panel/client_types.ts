// Compiled, never run: every function of the client with its parameters and what comes back.
import { createElectronAPI, type AdminPolicies, type ElectronAPI, type RegistryEntry } from '../../apps/panel/dist/client/electron-api';

export async function useEverything(): Promise<void> {
  const policies: AdminPolicies = await window.electronAPI.getAdminPolicies();
  const updated = await window.electronAPI.updateAdminPolicies({
    packs: { blocked: ['unwanted-pack'], required: undefined },
    agents: { maxConcurrentAgents: policies.agents.maxConcurrentAgents + 1 },
    general: { allowGitInstall: false, orgName: undefined, orgPluginDir: null },
  });
  const heartbeat: number = updated.agents.maxHeartbeatFrequencySec;
  const check = await window.electronAPI.checkPackPolicy('engineering');
  const verdict: [string, boolean, boolean] = [check.packId, check.allowed, check.required];

  const packs = await window.electronAPI.listPluginPacks();
  const pack = await window.electronAPI.getPluginPack('engineering-pack');
  const skills: string[] = pack?.skills.map(({ id }) => id) ?? packs.map(({ name }) => name);
  const toggled: boolean = (await window.electronAPI.togglePluginPack('engineering-pack', true)).enabled;
  const skill: string = (await window.electronAPI.togglePluginPackSkill('engineering-pack', 'x', false)).skillId;
  const roles: string[] = (await window.electronAPI.getActiveContext()).agentRoles.map(({ color }) => color);

  const made = await window.electronAPI.scaffoldPluginPack({ name: 'mine', displayName: 'Mine', icon: '📦' });
  const files: string[] = made.success ? made.filesCreated : [made.error];
  const fromGit = await window.electronAPI.installPluginPackFromGit('github:acme/crm');
  const fromUrl = await window.electronAPI.installPluginPackFromUrl('https://packs.example/crm.zip');
  const hash: string = fromGit.success ? fromGit.treeSha256 : fromUrl.success ? fromUrl.sha256 : fromUrl.error;
  // As a renderer reads it that does not look at `success` first.
  const error: string | undefined = fromGit.error;
  const gone = await window.electronAPI.uninstallPluginPack('mine');
  const name: string = gone.success ? gone.packName : gone.error;

  const [update] = await window.electronAPI.checkPackUpdates();
  const latest: string | undefined = update?.latestVersion;
  const found = await window.electronAPI.searchPackRegistry('crm', { page: 1, pageSize: 12, category: undefined });
  const entries: RegistryEntry[] = (await window.electronAPI.searchPackRegistry('crm')).results;
  const details = await window.electronAPI.getPackRegistryDetails('crm');
  const address: string | undefined = details?.gitUrl;
  const categories: string[] = await window.electronAPI.getPackRegistryCategories();

  const overSocket: ElectronAPI = createElectronAPI({ socket: '/run/host.sock' });
  const overHttp: ElectronAPI = createElectronAPI({ url: 'http://127.0.0.1:8123', token: 'x' });
  console.log(heartbeat, verdict, skills, toggled, skill, roles, files, hash, error, name, latest, found.total, entries, address, categories, overSocket, overHttp);
}

export function wrongUses(): void {
  // @ts-expect-error A pack's name is text.
  void window.electronAPI.getPluginPack(1);
  // @ts-expect-error There is no such section.
  void window.electronAPI.updateAdminPolicies({ pack: { blocked: [] } });
  // @ts-expect-error A switch is true or false.
  void window.electronAPI.updateAdminPolicies({ general: { allowGitInstall: 'false' } });
  // @ts-expect-error displayName is needed.
  void window.electronAPI.scaffoldPluginPack({ name: 'x' });
  // @ts-expect-error A socket or an address.
  createElectronAPI({});
}
