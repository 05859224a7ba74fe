// Which operation an address or a path belongs to: the same answers as `cowork pack install SOURCE` gives.

export type InstallOperation = 'pluginPack:installGit' | 'pluginPack:installUrl' | 'pluginPack:install';

export interface InstallSource {
  operation: InstallOperation;
  /** What the operation takes: an address or an absolute path. */
  location: string;
}

export interface SourceFault {
  fault: string;
}

const repositoryOnGithub = /^github:([A-Za-z0-9_][A-Za-z0-9_.-]*)\/([A-Za-z0-9_][A-Za-z0-9_.-]*)$/i;

export function addressSource(text: string): InstallSource | SourceFault {
  const address = text.trim();
  if (address === '') return { fault: 'Give the address of a repository, an archive or a manifest' };
  const lower = address.toLowerCase();
  if (lower.startsWith('github:')) {
    const [, owner, repository] = repositoryOnGithub.exec(address) ?? [];
    if (owner === undefined || repository === undefined)
      return { fault: 'A repository on GitHub is written github:owner/repo' };
    const suffix = repository.endsWith('.git') ? '' : '.git';
    return { operation: 'pluginPack:installGit', location: `https://github.com/${owner}/${repository}${suffix}` };
  }
  if (lower.startsWith('git+')) return { operation: 'pluginPack:installGit', location: address.slice(4) };
  if (lower.startsWith('https://') && address.replace(/\/+$/, '').endsWith('.git'))
    return { operation: 'pluginPack:installGit', location: address };
  if (lower.startsWith('https://') || lower.startsWith('http://'))
    return { operation: 'pluginPack:installUrl', location: address };
  return { fault: 'An address begins with https://, git+https:// or github:' };
}

export function pathSource(text: string): InstallSource | SourceFault {
  const path = text.trim();
  if (path === '') return { fault: 'Give the path of a directory or an archive' };
  if (!path.startsWith('/')) return { fault: 'The path must be absolute: it begins with /' };
  return { operation: 'pluginPack:install', location: path };
}

export function isFault(source: InstallSource | SourceFault): source is SourceFault {
  return 'fault' in source;
}

/** As the host shows an address in its events: without user, query and fragment. */
export function maskedAddress(address: string): string {
  const parts = /^([^]*?:\/\/)([^/?#]*)([^?#]*)([^]*)$/.exec(address);
  if (parts === null) return address;
  const [, scheme = '', authority = '', path = '', rest = ''] = parts;
  const at = authority.lastIndexOf('@');
  const host = at < 0 ? authority : `***@${authority.slice(at + 1)}`;
  return scheme + host + path + (rest === '' ? '' : '?***');
}

export const packNameRule = '1 to 128 characters: a–z, 0–9, - and _, the first one a letter or a digit';

export function isPackName(name: string): boolean {
  return /^[a-z0-9][a-z0-9_-]{0,127}$/.test(name);
}
