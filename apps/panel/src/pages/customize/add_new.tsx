// Making a pack of one's own.
import { useState } from 'preact/hooks';
import { Button, ErrorView, toast } from '../../components';
import { call, RpcError } from '../../rpc';
import { Field } from './field';
import { isPackName, packNameRule } from './install_source';
import { isPermitted, NotPermitted, type Permissions } from './permission';

interface ScaffoldReply {
  path: string;
  filesCreated: string[];
}

const kinds = [
  ['declarative', 'Skills, commands and agents in a manifest'],
  ['skill', 'A directory with a SKILL.md'],
  ['native', 'A native library with tools'],
  ['interceptor', 'A native library with an interceptor'],
] as const;

const noPack = {
  name: '',
  displayName: '',
  description: '',
  category: '',
  icon: '',
  author: '',
  personaTemplateId: '',
  kind: 'declarative',
  into: '',
};
type NewPack = typeof noPack;

function faultsOf(pack: NewPack): Partial<NewPack> {
  const faults: Partial<NewPack> = {};
  if (!isPackName(pack.name)) faults.name = packNameRule;
  if (pack.displayName.trim() === '') faults.displayName = 'A pack needs a name that people read';
  if (pack.into !== '' && !pack.into.startsWith('/')) faults.into = 'The path must be absolute: it begins with /';
  return faults;
}

function Kind({ value, onChange }: { value: string; onChange: (kind: string) => void }) {
  return (
    <fieldset class="kinds">
      <legend class="field-label">Kind</legend>
      {kinds.map(([kind, meaning]) => (
        <label class="kind">
          <input type="radio" name="kind" checked={value === kind} onChange={() => onChange(kind)} />
          <span>{meaning}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface AddNewProps {
  permissions: Permissions | undefined;
  onCreated: (packName: string) => Promise<void>;
}

export function AddNew({ permissions, onCreated }: AddNewProps) {
  const [pack, setPack] = useState(noPack);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<RpcError>();
  const operation = 'pluginPack:scaffold';
  const faults = faultsOf(pack);
  const shown = (member: keyof NewPack) => (tried || pack[member] !== '' ? faults[member] : undefined);
  const field = (member: keyof NewPack) => ({
    value: pack[member],
    fault: shown(member),
    onText: (text: string) => setPack((before) => ({ ...before, [member]: text })),
  });

  const create = async () => {
    setTried(true);
    if (Object.keys(faults).length > 0 || busy || !isPermitted(operation, permissions)) return;
    setBusy(true);
    setError(undefined);
    try {
      const options = Object.fromEntries(Object.entries(pack).filter(([, text]) => text.trim() !== ''));
      const reply = await call<ScaffoldReply>(operation, [options]);
      toast(`${pack.displayName} made: ${reply.filesCreated.length} files in ${reply.path}`);
      await onCreated(pack.name);
    } catch (fault) {
      setError(fault instanceof RpcError ? fault : new RpcError(String(fault), { code: 'internal' }));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void create();
      }}
    >
      <NotPermitted operation={operation} permissions={permissions} />
      <div class="columns">
        <Field
          label="Name"
          hint={faults.name === shown('name') ? undefined : packNameRule}
          placeholder="my-pack"
          {...field('name')}
        />
        <Field label="Display name" placeholder="My Pack" spellcheck {...field('displayName')} />
      </div>
      <Field label="Description (optional)" spellcheck {...field('description')} />
      <div class="columns">
        <Field label="Category (optional)" spellcheck {...field('category')} />
        <Field label="Icon (optional)" hint="An emoji" {...field('icon')} />
      </div>
      <div class="columns">
        <Field label="Author (optional)" {...field('author')} />
        <Field label="Persona (optional)" hint="Id of a persona template" {...field('personaTemplateId')} />
      </div>
      <Kind value={pack.kind} onChange={(kind) => setPack((before) => ({ ...before, kind }))} />
      <Field
        label="Directory (optional)"
        hint="Absolute path; without one it goes to your own packs"
        {...field('into')}
      />
      {error && <ErrorView error={error} />}
      <div class="cluster">
        <Button
          kind="primary"
          type="submit"
          busy={busy}
          aria-disabled={!isPermitted(operation, permissions) || busy || undefined}
        >
          Create
        </Button>
      </div>
    </form>
  );
}
