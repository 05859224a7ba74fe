// The shapes of SPEC §7 that this page shows.

export interface Skill {
  id: string;
  name: string;
  description: string;
  icon?: string;
  enabled: boolean;
}

export interface PackSource {
  kind: string;
  location: string;
  ref?: string;
  commit?: string;
  sha256?: string;
  treeSha256: string;
  installedAt: string;
}

export interface ScanFinding {
  rule: string;
  severity: 'warning' | 'quarantined';
  path: string;
  line?: number;
  message: string;
}

/** What the content scan found when the pack was installed. */
export interface ScanReport {
  verdict: 'clean' | 'warning' | 'quarantined';
  findings: ScanFinding[];
  omitted?: number;
  scannedAt: string;
  releasedAt?: string;
}

export type Scope = 'builtin' | 'organization' | 'user';
export type PackState = 'active' | 'discovered' | 'disabled' | 'quarantined' | 'error';

export interface Pack {
  name: string;
  displayName: string;
  version: string;
  description: string;
  type: string;
  icon?: string;
  category?: string;
  author?: string;
  scope: Scope;
  path: string;
  alias: string;
  personaTemplateId?: string;
  recommendedConnectors: string[];
  tryAsking: string[];
  bestFitWorkflows: string[];
  outcomeExamples: unknown[];
  skills: Skill[];
  slashCommands: { name: string; description: string; skillId: string }[];
  agentRoles: { name: string; displayName: string; description?: string; icon: string; color: string }[];
  connectors: { name: string; description: string; type: string; policyBlocked: boolean }[];
  tools?: { name: string; description: string }[];
  source?: PackSource;
  scan?: ScanReport;
  isolated?: boolean;
  state: PackState;
  enabled: boolean;
  policyBlocked: boolean;
  policyRequired: boolean;
  policyReason?: 'blocked' | 'not-allowed' | 'policy-unavailable';
  error?: string;
}

export interface PackUpdate {
  name: string;
  currentVersion: string;
  latestVersion: string;
}

/** Name → newest version, of the packs that have one. */
export type Updates = ReadonlyMap<string, string>;

/** Why the policy lets nobody move this switch; undefined when it does. */
export function lockReason(pack: Pack): string | undefined {
  if (pack.policyBlocked) {
    if (pack.policyReason === 'not-allowed') return 'Not in the list of allowed packs';
    if (pack.policyReason === 'policy-unavailable') return "The admin policy can't be read";
    return 'Blocked by admin policy';
  }
  return pack.policyRequired ? 'Required by admin policy' : undefined;
}

/** A colour of a manifest, when it is one: nothing else ever reaches a style. */
export function safeColor(color: string | undefined): string | undefined {
  return color !== undefined && /^#[0-9a-fA-F]{6}$/.test(color) ? color : undefined;
}

/** The few letters that stand for a pack or skill: a manifest may write a sentence there. */
export function shortIcon(icon: string | undefined, fallback: string): string {
  const text = (icon ?? '').trim();
  if (text === '') return [...fallback.trim()].slice(0, 1).join('').toUpperCase();
  const segments = [...new Intl.Segmenter().segment(text)].map((part) => part.segment);
  const pictured = /\p{Extended_Pictographic}/u.test(text);
  return segments.slice(0, pictured ? 1 : 2).join('');
}
