// Installing from an address, or from a path of the machine on which the host runs.
import { useState } from 'preact/hooks';
import { Button } from '../../components';
import { Field } from './field';
import { addressSource, isFault, pathSource, type InstallSource, type SourceFault } from './install_source';
import { InstallingView } from './installing_view';
import type { Installing, InstallReply } from './installing';
import { isPermitted, NotPermitted, type Permissions } from './permission';

export interface AddProps {
  installing: Installing;
  permissions: Permissions | undefined;
  onInstalled: (reply: InstallReply) => Promise<void>;
}

const sourceWords: Record<string, string> = {
  'pluginPack:installGit': 'A git repository: its newest commit is fetched, or the ref below.',
  'pluginPack:installUrl': 'An archive (.tar.gz, .tar, .zip) or a manifest: it is downloaded.',
};

interface FormProps extends AddProps {
  source: InstallSource | SourceFault;
  options: Record<string, unknown>;
  /** Without anything to install yet, nothing is wrong either. */
  isEmpty: boolean;
  faultBelow: (fault: string | undefined) => preact.ComponentChildren;
}

function SourceForm({ source, options, isEmpty, faultBelow, installing, permissions, onInstalled }: FormProps) {
  const [tried, setTried] = useState(false);
  const install = async (replace: boolean) => {
    setTried(true);
    if (isFault(source) || !isPermitted(source.operation, permissions)) return;
    const wanted = replace ? { ...options, replace: true } : options;
    const reply = await installing.start({ ...source, options: wanted });
    if (reply) await onInstalled(reply);
  };
  const fault = isFault(source) && (tried || !isEmpty) ? source.fault : undefined;
  const denied = !isFault(source) && !isPermitted(source.operation, permissions);
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!installing.running) void install(false);
      }}
    >
      {faultBelow(fault)}
      {denied && <NotPermitted operation={source.operation} permissions={permissions} />}
      <InstallingView installing={installing} onReplace={() => void install(true)} />
      {!installing.running && (
        <div class="cluster">
          <Button kind="primary" type="submit" aria-disabled={denied || undefined}>
            Install
          </Button>
        </div>
      )}
    </form>
  );
}

export function AddAddress(props: AddProps) {
  const [address, setAddress] = useState('');
  const [ref, setRef] = useState('');
  const [sha256, setSha256] = useState('');
  const source = addressSource(address);
  const operation = isFault(source) ? '' : source.operation;
  const isGit = operation === 'pluginPack:installGit';
  const options: Record<string, unknown> = {};
  if (isGit && ref.trim() !== '') options['ref'] = ref.trim();
  if (sha256.trim() !== '') options['sha256'] = sha256.trim().toLowerCase();
  return (
    <SourceForm
      {...props}
      source={source}
      options={options}
      isEmpty={address === ''}
      faultBelow={(fault) => (
        <>
          <Field
            label="Address"
            value={address}
            placeholder="https://git.example.org/team/pack.git"
            inputMode="url"
            fault={fault}
            hint={
              sourceWords[operation] ??
              'https://….git, git+https://…, github:owner/repo, or the https:// address of an archive or a manifest'
            }
            onText={setAddress}
          />
          <div class="columns">
            <Field
              label="Ref (optional)"
              value={ref}
              disabled={operation !== '' && !isGit}
              hint="A branch, tag or commit; git only"
              onText={setRef}
            />
            <Field label="SHA-256 (optional)" value={sha256} hint="What is fetched must have it" onText={setSha256} />
          </div>
        </>
      )}
    />
  );
}

export function AddPath(props: AddProps) {
  const [path, setPath] = useState('');
  return (
    <>
      <NotPermitted operation="pluginPack:install" permissions={props.permissions} />
      <SourceForm
        {...props}
        source={pathSource(path)}
        options={{}}
        isEmpty={path === ''}
        faultBelow={(fault) => (
          <Field
            label="Path"
            value={path}
            placeholder="/home/me/packs/my-pack"
            fault={fault}
            hint="A directory or an archive on the machine that the host runs on: an absolute path"
            onText={setPath}
          />
        )}
      />
    </>
  );
}
