// The fields of the page: which member of the policy each shows, under which name.

export type Section = 'Organization' | 'Plugin Pack Policies' | 'Connector Policies' | 'Agent Policies' | 'Installation Permissions';
export type Kind = 'text' | 'ids' | 'number' | 'switch';
/** A number is kept as it was typed. */
export type Value = string | boolean | string[];

export interface Field {
  /** Section and member, as messages of the host name it: `packs.blocked`. */
  id: string;
  section: Section;
  label: string;
  hint: string;
  kind: Kind;
  placeholder?: string;
  /** What holds where the file says nothing. */
  initial: Value;
}

const field = (id: string, section: Section, kind: Kind, label: string, hint: string, rest: Partial<Field> = {}): Field => {
  const initial = { text: '', ids: [], number: '', switch: true }[kind];
  return { id, section, kind, label, hint, initial, ...rest };
};

export const fields: readonly Field[] = [
  field('general.orgName', 'Organization', 'text', 'Organization Name', 'Named in every refusal.', { placeholder: 'Acme Corp' }),
  field(
    'general.orgPluginDir',
    'Organization',
    'text',
    'Organization Plugin Directory',
    'Absolute path of the directory that holds the organization’s packs. Empty: org-plugins in the user data.',
    { placeholder: '/opt/acme/cowork-plugins' },
  ),
  field('packs.blocked', 'Plugin Pack Policies', 'ids', 'Blocked Packs', 'Disabled for everybody. Goes before the whitelist.', {
    placeholder: 'Pack ids',
  }),
  field('packs.required', 'Plugin Pack Policies', 'ids', 'Required Packs', 'On, and not to be disabled or uninstalled.', {
    placeholder: 'Pack ids',
  }),
  field('packs.allowed', 'Plugin Pack Policies', 'ids', 'Allowed Packs (whitelist)', 'Only these are permitted. Empty: all are.', {
    placeholder: 'All packs are allowed',
  }),
  field('connectors.blocked', 'Connector Policies', 'ids', 'Blocked Connectors', 'May not be used, whichever pack brings them.', {
    placeholder: 'Connector ids',
  }),
  field('agents.maxHeartbeatFrequencySec', 'Agent Policies', 'number', 'Max Heartbeat Frequency', 'Least seconds between two heartbeats; 60 or more.', {
    initial: '60',
  }),
  field('agents.maxConcurrentAgents', 'Agent Policies', 'number', 'Max Concurrent Agents', 'Most agents at once in a workspace; 1 or more.', {
    initial: '10',
  }),
  field('general.allowCustomPacks', 'Installation Permissions', 'switch', 'Allow custom plugin packs (scaffold)', 'Making packs, and installing them from this machine.'),
  field('general.allowGitInstall', 'Installation Permissions', 'switch', 'Allow installation from Git repositories', ''),
  field('general.allowUrlInstall', 'Installation Permissions', 'switch', 'Allow installation from URLs', ''),
];

export const sections: readonly Section[] = [
  'Organization',
  'Plugin Pack Policies',
  'Connector Policies',
  'Agent Policies',
  'Installation Permissions',
];

export function fieldOf(id: string): Field | undefined {
  return fields.find((candidate) => candidate.id === id);
}

export function pathOf(id: string): [section: string, member: string] {
  const [section, member] = id.split('.');
  return [section!, member!];
}

/** `/packs/blocked` for `packs.blocked`. */
export function pointerOf(id: string): string {
  return '/' + pathOf(id).join('/');
}

/** The field that a JSON pointer of the host lies in. */
export function fieldAt(pointer: string | undefined): Field | undefined {
  return fields.find(({ id }) => pointer === pointerOf(id) || pointer?.startsWith(pointerOf(id) + '/'));
}

export function sameValue(one: Value, other: Value): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  if (one === other) return true;
  const ids = new Set(other);
  return one.length === other.length && one.every((id) => ids.has(id));
}

const namedIds = 40;

function idsText(ids: readonly string[]): string {
  const more = ids.length - namedIds;
  return ids.slice(0, namedIds).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** What went and what came, in words; of a set, only these. */
export function difference(before: Value, after: Value): { gone: string; come: string } {
  if (!Array.isArray(before) || !Array.isArray(after)) return { gone: valueText(before), come: valueText(after) };
  const [old, fresh] = [new Set(before), new Set(after)];
  return { gone: idsText(before.filter((id) => !fresh.has(id))), come: idsText(after.filter((id) => !old.has(id))) };
}

/** In words, for a comparison. */
export function valueText(value: Value): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? '(none)' : idsText(value);
  return value === '' ? '(empty)' : value;
}
