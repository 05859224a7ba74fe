// The policy as the host has it, in one piece.
import type { KnownId } from '../../components';
import { call } from '../../rpc';
import { fields, pathOf, pointerOf, type Field, type Value } from './fields';

export type Document = Record<string, Record<string, unknown> | undefined>;

export interface Fault {
  message: string;
  path?: string;
  line?: number;
  column?: number;
  pointer?: string;
}

export interface Layer {
  layer: 'machine' | 'user';
  state: 'absent' | 'valid' | 'last-good' | 'broken';
  revision: string;
  path: string;
  errors: Fault[];
  updatedAt?: string;
}

export interface Origin {
  layer: string;
  file?: string;
  line?: number;
}

export interface Status {
  layers: Layer[];
  origins: Record<string, Origin>;
  conflicts: { pack: string; message: string }[];
  warnings: { code: string; message: string }[];
}

/** What the machine layer says of a field. */
export interface Imposed {
  /** Where it stands, as text. */
  origin: string;
  /** Nothing else can be chosen. */
  locked: boolean;
  /** Ids that cannot be taken out. */
  ids: { id: string; origin: string }[];
  /** The least or the greatest number. */
  bound?: number;
}

export type Values = Record<string, Value>;

export interface Snapshot {
  /** Grows with each load that was begun: what was asked for earlier may arrive later. */
  order: number;
  /** Of the user layer; what an update is made for. */
  revision: string;
  user: Layer;
  machine: Layer;
  status: Status;
  /** The user layer's own document. */
  document: Document;
  /** What the fields show; of lists, the part that can be edited. */
  values: Values;
  imposed: Record<string, Imposed>;
  packs: KnownId[];
  /** Those that an allowing list can name. */
  grantable: KnownId[];
  connectors: KnownId[];
  disabled: ReadonlySet<string>;
}

interface Pack {
  name: string;
  displayName: string;
  alias: string;
  scope: string;
  enabled: boolean;
  connectors: { name: string; description: string }[];
}

function memberOf(document: Document, field: Field): unknown {
  const [section, member] = pathOf(field.id);
  return document[section]?.[member];
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** `organization`: the effective general.orgName, where one is set. */
function originText(origin: Origin | undefined, layer: Layer, organization: string): string {
  const file = origin?.layer === layer.layer ? (origin.file ?? layer.path) : layer.path;
  const line = origin?.layer === layer.layer && origin.line !== undefined ? `:${origin.line}` : '';
  return organization === '' ? `set by the ${layer.layer} policy in ${file}${line}` : `set by ${organization} in the ${layer.layer} policy, ${file}${line}`;
}

function imposedOn(field: Field, machine: Document, effective: Document, status: Status, layer: Layer): Imposed | undefined {
  const value = memberOf(machine, field);
  if (value === undefined) return undefined;
  const pointer = pointerOf(field.id);
  const organization = String(effective['general']?.['orgName'] ?? '');
  const origin = originText(status.origins[pointer], layer, organization);
  if (field.kind === 'ids') {
    const shown = textsOf(memberOf(effective, field));
    const positions = new Map(shown.map((id, position) => [id, position]));
    const originOf = (id: string) => originText(status.origins[`${pointer}/${positions.get(id)}`], layer, organization);
    const ids = textsOf(value).map((id) => ({ id, origin: originOf(id) }));
    return ids.length > 0 ? { origin: ids[0]!.origin, locked: false, ids } : undefined;
  }
  if (field.kind === 'number') return { origin, locked: false, ids: [], bound: Number(value) };
  // Below, a permission can be taken, not given.
  if (field.kind === 'switch') return value === false ? { origin, locked: true, ids: [] } : undefined;
  return { origin, locked: true, ids: [] };
}

function valueOf(field: Field, own: Document, effective: Document, imposed: Imposed | undefined): Value {
  if (field.kind === 'ids') {
    const ids = textsOf(memberOf(own, field));
    // A whitelist below another narrows it: its entries stand for themselves.
    if (field.id === 'packs.allowed') return ids;
    const locked = new Set(imposed?.ids.map(({ id }) => id));
    return ids.filter((id) => !locked.has(id));
  }
  const value = memberOf(effective, field);
  if (value === undefined) return field.initial;
  return field.kind === 'number' ? String(value) : (value as Value);
}

function knownPacks(packs: readonly Pack[], withAlias: (pack: Pack) => boolean): KnownId[] {
  const known = new Map<string, KnownId>();
  for (const pack of packs) {
    known.set(pack.name, { id: pack.name, hint: pack.displayName });
    if (withAlias(pack) && !known.has(pack.alias)) known.set(pack.alias, { id: pack.alias, hint: pack.displayName });
  }
  return [...known.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
}

function knownConnectors(packs: readonly Pack[]): KnownId[] {
  const known = new Map<string, KnownId>();
  for (const pack of packs)
    for (const { name } of pack.connectors) if (!known.has(name)) known.set(name, { id: name, hint: pack.displayName });
  return [...known.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
}

let begun = 0;

export async function loadSnapshot(): Promise<Snapshot> {
  const order = ++begun;
  // The revision first: should the file change before the rest is read, saving finds a conflict instead of hiding one.
  const status = await call<Status>('admin:policiesStatus');
  const [document, machineDocument, effective, packs] = await Promise.all([
    call<Document>('admin:policiesGet', [{ layer: 'user' }]),
    call<Document>('admin:policiesGet', [{ layer: 'machine' }]),
    call<Document>('admin:policiesGet'),
    call<Pack[]>('pluginPack:list'),
  ]);
  const user = status.layers.find(({ layer }) => layer === 'user')!;
  const machine = status.layers.find(({ layer }) => layer === 'machine')!;
  const imposed: Record<string, Imposed> = {};
  const values: Values = {};
  for (const field of fields) {
    const above = imposedOn(field, machineDocument, effective, status, machine);
    if (above) imposed[field.id] = above;
    values[field.id] = valueOf(field, document, effective, above);
  }
  return {
    order,
    revision: user.revision,
    user,
    machine,
    status,
    document,
    values,
    imposed,
    packs: knownPacks(packs, () => true),
    grantable: knownPacks(packs, ({ scope }) => scope !== 'user'),
    connectors: knownConnectors(packs),
    disabled: new Set(packs.filter(({ enabled }) => !enabled).map(({ name }) => name)),
  };
}
