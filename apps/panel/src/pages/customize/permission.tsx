// Whether the policy lets anybody install or make packs at all.
import { Banner } from '../../components';
import { PolicyReason } from './policy_reason';

/** `general` of the effective policy. */
export interface Permissions {
  allowCustomPacks: boolean;
  allowGitInstall: boolean;
  allowUrlInstall: boolean;
  orgName?: string;
}

/** Any well-formed parameters: where the policy forbids the operation as such, it does not look at them. */
const examples: Record<string, unknown[]> = {
  'pluginPack:installGit': ['https://example.org/pack.git'],
  'pluginPack:installUrl': ['https://example.org/pack.zip'],
  'pluginPack:install': ['/pack'],
  'pluginPack:scaffold': [{ name: 'pack', displayName: 'Pack' }],
};

export function isPermitted(operation: string, permissions: Permissions | undefined): boolean {
  if (!permissions) return true;
  if (operation === 'pluginPack:installGit') return permissions.allowGitInstall;
  if (operation === 'pluginPack:installUrl') return permissions.allowUrlInstall;
  return permissions.allowCustomPacks;
}

export function NotPermitted({ operation, permissions }: { operation: string; permissions: Permissions | undefined }) {
  if (isPermitted(operation, permissions)) return null;
  return (
    <Banner tone="warning" title="Not permitted here">
      <PolicyReason key={operation} operation={operation} params={examples[operation] ?? []} />
    </Banner>
  );
}
