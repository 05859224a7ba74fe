// The interceptors in order (host:chain), and where the last traced call spent its time (host:trace). Pure functions.

export interface Member {
  name: string;
  phase: string;
  operations: string[];
  source: string;
}

export interface OperationSummary {
  name: string;
  effect: string;
  summary: string;
  parameters: { name: string; type: string; required: boolean; meaning: string }[];
  result: string;
}

export interface TracedStep {
  /** An interceptor's; or `judges`, who are asked together, or `handler`. */
  name: string;
  phase: string;
  /** Its own time, without what it passed on. */
  micros: number;
}

export interface TracedCall {
  operation: string;
  id: number | string;
  finishedAt: string;
  ok: boolean;
  code?: string;
  steps: TracedStep[];
}

export interface Trace {
  enabled: boolean;
  last: TracedCall | null;
}

export const phases = ['observe', 'application', 'policy'] as const;

export const phaseMeaning: Record<string, string> = {
  observe: 'Outermost: sees everything, refusals too',
  application: 'What the application and packs add',
  policy: 'Innermost: nothing rewrites a request after it was approved',
};

export interface PhaseGroup {
  phase: string;
  members: Member[];
}

/** Only the members that see `operation` ('' is any), under their phases in the order of a call. */
export function byPhase(members: readonly Member[], operation: string): PhaseGroup[] {
  const concerned = members.filter((member) => operation === '' || member.operations.includes(operation));
  const others = concerned
    .map((member) => member.phase)
    .filter((phase) => !(phases as readonly string[]).includes(phase));
  return [...phases, ...new Set(others)].map((phase) => ({
    phase,
    members: concerned.filter((member) => member.phase === phase),
  }));
}

export function operationsOf(members: readonly Member[]): string[] {
  return [...new Set(members.flatMap((member) => member.operations))].sort();
}

/** The step of `call` that bears this name, when that call is one of those shown. */
export function stepOf(call: TracedCall | null, shownOperation: string, name: string): TracedStep | undefined {
  if (call === null || (shownOperation !== '' && call.operation !== shownOperation)) return undefined;
  return call.steps.find((step) => step.name === name);
}

export function wholeMicros(call: TracedCall): number {
  return call.steps.reduce((sum, step) => sum + step.micros, 0);
}

/** From 0 to 1, of the whole call. */
export function shareOf(step: TracedStep, call: TracedCall): number {
  const whole = wholeMicros(call);
  return whole <= 0 ? 0 : Math.min(1, step.micros / whole);
}

export function microsWords(micros: number): string {
  if (micros < 10) return `${micros.toFixed(2)} µs`;
  if (micros < 1000) return `${micros.toFixed(0)} µs`;
  if (micros < 1_000_000) return `${(micros / 1000).toFixed(1)} ms`;
  return `${(micros / 1_000_000).toFixed(1)} s`;
}
