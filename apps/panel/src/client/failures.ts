import type { HostError } from './types/electron-api';

export interface Request {
  jsonrpc: '2.0';
  id: number;
  method: string;
  params: unknown[];
}

export interface Reply {
  id?: number | null;
  result?: unknown;
  error?: { code?: unknown; message: string; data?: Record<string, unknown> };
}

/** Takes one request to the host and brings its reply; rejects with a HostError where there is none. */
export type Transport = (request: Request) => Promise<Reply>;

export function hostError(message: string, data: Record<string, unknown>): HostError {
  return Object.assign(new Error(message), { code: 'internal', ...data, data }) as HostError;
}

export function unreachable(fault: unknown): HostError {
  const why = fault instanceof Error ? fault.message : String(fault);
  return hostError('The host cannot be reached', { code: 'offline', why, try: 'cowork serve' });
}

export function withoutSession(): HostError {
  return hostError('The host does not know this session', { code: 'no-session', try: 'cowork open' });
}
