// An `install-progress` event in words.

import { maskedAddress } from './install_source';

export interface InstallProgress {
  operation: string;
  subject: string;
  phase: string;
  bytes: number;
  total?: number;
}

const phases: Record<string, string> = {
  resolve: 'Looking up the address',
  download: 'Downloading',
  unpack: 'Unpacking',
  copy: 'Copying',
};

export function sizeWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function progressWords(progress: InstallProgress): string {
  const phase = phases[progress.phase] ?? progress.phase;
  if (progress.bytes <= 0) return `${phase}…`;
  const total = progress.total !== undefined && progress.total > 0 ? ` of ${sizeWords(progress.total)}` : '';
  return `${phase}: ${sizeWords(progress.bytes)}${total}`;
}

/** From 0 to 1; undefined when nobody knows. */
export function progressShare(progress: InstallProgress): number | undefined {
  if (progress.total === undefined || progress.total <= 0) return undefined;
  return Math.min(1, progress.bytes / progress.total);
}

/** Whether an event is about the call under way: an event carries the operation and what it was asked for, masked. */
export function isAbout(progress: InstallProgress, operation: string, location: string): boolean {
  return progress.operation === operation && progress.subject === maskedAddress(location);
}
