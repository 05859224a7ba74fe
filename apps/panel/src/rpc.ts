// Calls to the host, and its events.
import { openSession, storeToken } from './client/session';

export interface ErrorPlace {
  file?: string;
  line?: number;
  column?: number;
  pointer?: string;
}

/** An error of the host (`code` is one of its codes), or `offline` and `no-session` of this page. */
export class RpcError extends Error {
  readonly code: string;
  readonly why: string | undefined;
  readonly try: string | undefined;
  readonly place: ErrorPlace | undefined;
  readonly data: Record<string, unknown>;

  constructor(message: string, data: Record<string, unknown>) {
    super(message);
    this.name = 'RpcError';
    this.data = data;
    this.code = typeof data['code'] === 'string' ? data['code'] : 'internal';
    this.why = typeof data['why'] === 'string' ? data['why'] : undefined;
    this.try = typeof data['try'] === 'string' ? data['try'] : undefined;
    const place = data['place'] as (ErrorPlace & { path?: string }) | undefined;
    this.place = place && { ...place, file: place.file ?? place.path };
  }
}

export type ConnectionState = 'starting' | 'connecting' | 'open' | 'offline' | 'no-session';

export interface CallOptions {
  /** Aborting ends the request, and with it the operation in the host. */
  signal?: AbortSignal;
  dryRun?: boolean;
  timeoutMs?: number;
  /** Hears the warnings that came with the result. */
  onWarnings?: (warnings: string[]) => void;
}

export type EventName =
  | 'policy-changed'
  | 'catalog-changed'
  | 'pack-state-changed'
  | 'install-progress'
  | 'diagnostic'
  /** Events may have been missed: ask for the state anew. */
  | 'resync';
export type EventListener = (params: Record<string, unknown>) => void;

let token: string | undefined;
let state: ConnectionState = 'starting';
let nextId = 0;
const stateListeners = new Set<() => void>();
const eventListeners = new Map<EventName, Set<EventListener>>();

export function connectionState(): ConnectionState {
  return state;
}

/** Calls `listener` after each change of the connection's state; the result ends that. */
export function onConnectionState(listener: () => void): () => void {
  stateListeners.add(listener);
  return () => void stateListeners.delete(listener);
}

function setState(next: ConnectionState): void {
  if (state === next) return;
  state = next;
  for (const listener of [...stateListeners]) listener();
}

function endSession(): void {
  token = undefined;
  storeToken(undefined);
  setState('no-session');
}

const noSession = () =>
  new RpcError('This page has no session with the host', { code: 'no-session', try: 'cowork open' });

interface Reply {
  result?: unknown;
  error?: { message: string; data?: Record<string, unknown> };
  warnings?: string[];
}

async function post(body: string, signal: AbortSignal | undefined): Promise<Response> {
  if (token === undefined) throw noSession();
  try {
    return await fetch('/rpc', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body,
      signal: signal ?? null,
    });
  } catch {
    if (signal?.aborted) throw new RpcError('The operation was cancelled', { code: 'cancelled' });
    throw new RpcError('The host cannot be reached', { code: 'offline', why: `no answer at ${location.origin}`, try: 'cowork serve' });
  }
}

/** Runs an operation of the host. Rejects with RpcError. */
export async function call<T>(
  method: string,
  params: unknown[] | Record<string, unknown> = [],
  options: CallOptions = {},
): Promise<T> {
  const { signal, onWarnings, ...wire } = options;
  const request: Record<string, unknown> = { jsonrpc: '2.0', id: ++nextId, method, params };
  if (Object.keys(wire).length > 0) request['options'] = wire;
  const answer = await post(JSON.stringify(request), signal);
  if (answer.status === 401) {
    endSession();
    throw noSession();
  }
  let reply: Reply;
  try {
    reply = (await answer.json()) as Reply;
  } catch {
    if (signal?.aborted) throw new RpcError('The operation was cancelled', { code: 'cancelled' });
    throw new RpcError(`The host answered with HTTP status ${answer.status}`, { code: 'internal' });
  }
  if (reply.error) {
    // Errors of HTTP itself carry their code beside the message.
    const data = reply.error.data ?? (reply.error as unknown as Record<string, unknown>);
    throw new RpcError(reply.error.message, data);
  }
  if (reply.warnings && onWarnings) onWarnings(reply.warnings);
  return reply.result as T;
}

/** Calls `listener` with the parameters of each such event; the result ends that. */
export function onEvent(name: EventName, listener: EventListener): () => void {
  let listeners = eventListeners.get(name);
  if (!listeners) eventListeners.set(name, (listeners = new Set()));
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function emit(name: EventName, params: Record<string, unknown>): void {
  for (const listener of [...(eventListeners.get(name) ?? [])]) listener(params);
}

const firstDelayMs = 300;
const longestDelayMs = 5000;

function receive(text: string): void {
  const { method, params } = JSON.parse(text) as { method: EventName; params?: Record<string, unknown> };
  emit(method, params ?? {});
  if (method === 'diagnostic' && params?.['code'] === 'events-lost') emit('resync', {});
}

function connectEvents(delayMs: number): void {
  if (token === undefined) return;
  const used = token;
  const address = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/events`;
  const socket = new WebSocket(address, ['cowork.events', `cowork.token.${used}`]);
  let opened = false;
  socket.onopen = () => {
    opened = true;
    setState('open');
    emit('resync', {});
  };
  socket.onmessage = (message) => receive(String(message.data));
  socket.onclose = () => {
    if (token !== used) return;
    setState('offline');
    const wait = opened ? firstDelayMs : Math.min(delayMs * 2, longestDelayMs);
    setTimeout(() => void reconnect(wait), wait);
  };
}

async function reconnect(delayMs: number): Promise<void> {
  // A browser does not say why a WebSocket was refused; a call does, and ends a session that is over.
  try {
    await call('host:chain');
  } catch (fault) {
    if (fault instanceof RpcError && fault.code === 'no-session') return;
  }
  connectEvents(delayMs);
}

/** Opens the session and the stream of events. To be called once, and again when a new code stands in the address. */
export async function start(): Promise<void> {
  try {
    token = await openSession();
  } catch {
    setState('offline');
    return;
  }
  if (token === undefined) return setState('no-session');
  setState('connecting');
  connectEvents(firstDelayMs);
}
