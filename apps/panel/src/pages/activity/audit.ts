// Lines of the audit trail (SPEC §10) and the questions that can be asked of it. Pure functions.

export interface AuditRule {
  layer?: string;
  file?: string;
  line?: number;
  pointer?: string;
}

export interface AuditLine {
  seq: number;
  time: string;
  id: string;
  parent?: string;
  operation: string;
  subject: string;
  actor: string;
  entry: string;
  verdict: string;
  code?: string;
  rule?: AuditRule;
  policyRevision: string;
  micros: number;
  prev: string;
  hash: string;
}

export interface AuditReply {
  lines: AuditLine[];
  verified: boolean;
  firstBad?: { file: string; line: number; reason: string };
}

export const verdicts = ['allowed', 'denied', 'failed', 'error'] as const;

export const verdictMeaning: Record<string, string> = {
  allowed: 'A change, written down just before its effect',
  denied: 'Refused by a rule',
  failed: 'An allowed change whose effect failed afterwards',
  error: 'Failed before its effect, for another reason than a rule',
};

export const periods = {
  any: 'Any time',
  hour: 'Last hour',
  day: 'Last 24 hours',
  week: 'Last 7 days',
  since: 'Since…',
};
export type Period = keyof typeof periods;

export interface AuditFilter {
  operation: string;
  subject: string;
  verdict: string;
  period: Period;
  /** Value of an <input type='datetime-local'>: local time; '' while the reader has not chosen yet. */
  since: string;
}

export const noFilter: AuditFilter = { operation: '', subject: '', verdict: '', period: 'any', since: '' };

const hours: Partial<Record<Period, number>> = { hour: 1, day: 24, week: 168 };

/** UTC with seconds, as `since` of audit:query takes it; undefined: from the beginning. */
export function sinceTime(filter: AuditFilter, now: Date): string | undefined {
  const back = hours[filter.period];
  const chosen = filter.period === 'since' && filter.since !== '' ? new Date(filter.since) : undefined;
  const time = back === undefined ? chosen : new Date(now.getTime() - back * 3_600_000);
  if (time === undefined || Number.isNaN(time.getTime())) return undefined;
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** The options of audit:query; one line more than is shown, so that 'there is more' is known. */
export function queryOptions(filter: AuditFilter, limit: number, now: Date): Record<string, unknown> {
  const options: Record<string, unknown> = { limit: limit + 1 };
  if (filter.operation.trim() !== '') options.operation = filter.operation.trim();
  if (filter.subject.trim() !== '') options.subject = filter.subject.trim();
  if (filter.verdict !== '') options.verdict = filter.verdict;
  const since = sinceTime(filter, now);
  if (since !== undefined) options.since = since;
  return options;
}

/** Newest first, at most `limit`. */
export function newestFirst(lines: readonly AuditLine[], limit: number): AuditLine[] {
  return lines.slice(-limit).reverse();
}

/** Whether the policy in force changed between two lines, by whatever way. */
export function isOtherPolicy(line: AuditLine, before: AuditLine | undefined): boolean {
  return before !== undefined && before.policyRevision !== line.policyRevision;
}

/** '/etc/cowork/policies.json:6 (/packs/blocked/0)', with what is missing left out. */
export function rulePlace(rule: AuditRule): string {
  const place = (rule.file ?? '') + (rule.line !== undefined && rule.line > 0 ? `:${rule.line}` : '');
  return [place, rule.pointer !== undefined ? `(${rule.pointer})` : ''].filter((part) => part !== '').join(' ');
}

/** 'packs.blocked (user)': the pointer's first two members name the rule. */
export function ruleName(rule: AuditRule): string {
  const members = (rule.pointer ?? '').split('/').slice(1, 3).join('.');
  const name = members === '' ? 'policy' : members;
  return !rule.layer ? name : `${name} (${rule.layer})`;
}

/** 2026-11-22 17:20:37 in the reader's own time. */
export function localTime(time: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return time;
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

export function durationWords(micros: number): string {
  if (micros < 1000) return `${micros} µs`;
  if (micros < 1_000_000) return `${(micros / 1000).toFixed(1)} ms`;
  return `${(micros / 1_000_000).toFixed(1)} s`;
}
