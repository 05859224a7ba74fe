/** Types of the JavaScript client, `/client/electron-api.js`. */

export interface AdminPolicies {
  version: number;
  /** UTC, as in `2025-01-15T12:00:00Z`. */
  updatedAt: string;
  packs: {
    /** Empty: every pack is allowed. */
    allowed: string[];
    /** Goes before `allowed`. */
    blocked: string[];
    required: string[];
  };
  connectors: { blocked: string[] };
  agents: {
    /** Seconds, at least 60. */
    maxHeartbeatFrequencySec: number;
    /** An integer of at least 1, per workspace. */
    maxConcurrentAgents: number;
  };
  general: {
    allowCustomPacks: boolean;
    allowGitInstall: boolean;
    allowUrlInstall: boolean;
    orgName?: string;
    /** An absolute path. */
    orgPluginDir?: string;
  };
}

/** Some members of `T`, at any depth; `undefined` and `null` both take a member out. */
export type Update<T> = {
  [Member in keyof T]?: T[Member] extends readonly unknown[]
    ? T[Member] | null | undefined
    : T[Member] extends object
      ? Update<T[Member]> | null | undefined
      : T[Member] | null | undefined;
};

export interface PackPolicyCheck {
  /** As it was asked. */
  packId: string;
  allowed: boolean;
  required: boolean;
}

export type PackScope = 'builtin' | 'organization' | 'user';
export type PackState = 'active' | 'discovered' | 'disabled' | 'quarantined' | 'error';
export type PackType = 'pack' | 'tool' | 'channel' | 'provider' | 'integration';

export interface PluginPackSkill {
  id: string;
  name: string;
  description: string;
  icon?: string;
  enabled: boolean;
}

export interface PluginPackCommand {
  name: string;
  description: string;
  skillId: string;
}

export interface PluginPackAgentRole {
  name: string;
  displayName: string;
  description?: string;
  icon: string;
  color: string;
}

export interface PluginPackConnector {
  name: string;
  description: string;
  type: 'http' | 'shell' | 'script';
  policyBlocked: boolean;
}

export interface PackScanFinding {
  rule: string;
  severity: 'warning' | 'quarantined';
  /** Relative to the pack's directory. */
  path: string;
  line?: number;
  message: string;
}

/** What the content scan found when the pack was installed. */
export interface PackScan {
  verdict: 'clean' | 'warning' | 'quarantined';
  findings: PackScanFinding[];
  /** How many more findings are not listed. */
  omitted?: number;
  scannedAt: string;
  releasedAt?: string;
}

export interface PluginPack {
  name: string;
  displayName: string;
  version: string;
  description: string;
  type: PackType;
  icon?: string;
  category?: string;
  author?: string;
  scope: PackScope;
  /** The directory that it was read from. */
  path: string;
  /** The name of that directory. */
  alias: string;
  personaTemplateId?: string;
  recommendedConnectors: string[];
  tryAsking: string[];
  bestFitWorkflows: string[];
  outcomeExamples: string[];
  skills: PluginPackSkill[];
  slashCommands: PluginPackCommand[];
  agentRoles: PluginPackAgentRole[];
  connectors: PluginPackConnector[];
  /** Where an installed pack came from. */
  source?: unknown;
  scan?: PackScan;
  /** Of a native pack: whether its code runs in a process of its own. */
  isolated?: boolean;
  state: PackState;
  enabled: boolean;
  policyBlocked: boolean;
  policyRequired: boolean;
  policyReason?: 'blocked' | 'not-allowed' | 'policy-unavailable';
  error?: string;
}

export interface PackToggle {
  success: boolean;
  name: string;
  enabled: boolean;
}

export interface PackSkillToggle {
  success: boolean;
  packName: string;
  skillId: string;
  enabled: boolean;
}

/** What the active packs bring. */
export interface ActiveContext {
  connectors: { id: string; name: string; icon: string; status: string; tools: string[] }[];
  skills: { id: string; name: string; icon: string; packName: string }[];
  slashCommands: PluginPackCommand[];
  agentRoles: PluginPackAgentRole[];
}

export interface ScaffoldOptions {
  /** Lower-case letters, digits, `-` and `_`; at most 128; the first a letter or digit. */
  name: string;
  displayName: string;
  description?: string;
  category?: string;
  icon?: string;
  author?: string;
  personaTemplateId?: string;
  kind?: string;
  /** A directory to make the pack in, instead of the user's extensions. */
  into?: string;
}

/** What was refused or failed, in the host's words. */
export interface Failure {
  success: false;
  error: string;
}

export interface ScaffoldResult {
  success: true;
  path: string;
  filesCreated: string[];
  error?: undefined;
}

export interface InstallResult {
  success: true;
  packName: string;
  path: string;
  manifest: Record<string, unknown>;
  skillCount: number;
  agentCount: number;
  /** Of the bytes that were fetched. */
  sha256: string;
  /** Of the tree as it was installed. */
  treeSha256: string;
  error?: undefined;
}

export interface UninstallResult {
  success: true;
  packName: string;
  error?: undefined;
}

export interface PackUpdate {
  name: string;
  currentVersion: string;
  latestVersion: string;
}

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

export interface RegistrySearchOptions {
  /** From 1. */
  page?: number;
  /** 20 unless told, at most 100. */
  pageSize?: number;
  category?: string;
}

export interface RegistrySearchResult {
  query: string;
  /** Of all pages. */
  total: number;
  page: number;
  pageSize: number;
  results: RegistryEntry[];
}

/**
 * What a rejection carries: the message is the host's. `code` is one of the host's codes, such as `policy-denied`;
 * `offline` where it cannot be reached, `no-session` where it does not know the token.
 */
export interface HostError extends Error {
  code: string;
  /** Where the rule or the fault stands. */
  why?: string;
  /** The next command. */
  try?: string;
  data: Record<string, unknown>;
}

/** Every function rejects with a HostError, but scaffold, install and uninstall, which resolve to a Failure. */
export interface ElectronAPI {
  getAdminPolicies(): Promise<AdminPolicies>;
  /** Merges: objects member by member, arrays as a whole. Resolves to the merged document. */
  updateAdminPolicies(updates: Update<AdminPolicies>): Promise<AdminPolicies>;
  /** `packId`: the name of a pack or its directory's. */
  checkPackPolicy(packId: string): Promise<PackPolicyCheck>;

  listPluginPacks(): Promise<PluginPack[]>;
  getPluginPack(name: string): Promise<PluginPack | null>;
  togglePluginPack(name: string, enabled: boolean): Promise<PackToggle>;
  togglePluginPackSkill(packName: string, skillId: string, enabled: boolean): Promise<PackSkillToggle>;
  getActiveContext(): Promise<ActiveContext>;

  scaffoldPluginPack(options: ScaffoldOptions): Promise<ScaffoldResult | Failure>;
  /** An https address of a repository, or `github:owner/repo`. */
  installPluginPackFromGit(gitUrl: string): Promise<InstallResult | Failure>;
  /** An https address of a manifest or of an archive. */
  installPluginPackFromUrl(url: string): Promise<InstallResult | Failure>;
  uninstallPluginPack(packName: string): Promise<UninstallResult | Failure>;

  checkPackUpdates(): Promise<PackUpdate[]>;
  searchPackRegistry(query: string, options?: RegistrySearchOptions): Promise<RegistrySearchResult>;
  getPackRegistryDetails(packId: string): Promise<RegistryEntry | null>;
  getPackRegistryCategories(): Promise<string[]>;
}

export type ElectronAPIOptions =
  /** A host's HTTP address, such as `http://127.0.0.1:8123`, and the token of its token file. */
  | { url: string; token: string }
  /** The path of a host's Unix socket; Node only. */
  | { socket: string };

/** The same functions outside of a page. */
export function createElectronAPI(options: ElectronAPIOptions): ElectronAPI;

declare global {
  interface Window {
    electronAPI: ElectronAPI;
  }
}
