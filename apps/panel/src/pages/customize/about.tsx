// Where a pack comes from and where it lies.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button, toast } from '../../components';
import type { Pack } from './pack';

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  if (children === undefined || children === '') return null;
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Hash({ name, hash }: { name: string; hash: string | undefined }) {
  const [whole, setWhole] = useState(false);
  if (!hash) return null;
  const copy = () =>
    navigator.clipboard.writeText(hash).then(
      () => toast(`${name} copied`),
      () => setWhole(true),
    );
  return (
    <Fact name={name}>
      <code class="hash">{whole ? hash : `${hash.slice(0, 16)}…`}</code>{' '}
      <Button kind="quiet" aria-expanded={whole} aria-label={`${name}: whole`} onClick={() => setWhole(!whole)}>
        {whole ? 'Less' : 'Whole'}
      </Button>
      <Button kind="quiet" aria-label={`Copy ${name}`} onClick={() => void copy()}>
        Copy
      </Button>
    </Fact>
  );
}

const tierTitles = { builtin: 'Builtin', organization: 'Organization', user: 'Yours' };

export function About({ pack }: { pack: Pack }) {
  const { source } = pack;
  return (
    <section class="detail-section">
      <h3>About</h3>
      <dl class="facts">
        <Fact name="Tier">{tierTitles[pack.scope]}</Fact>
        <Fact name="Type">{pack.type}</Fact>
        <Fact name="Category">{pack.category}</Fact>
        <Fact name="Author">{pack.author}</Fact>
        <Fact name="Version">{pack.version}</Fact>
        <Fact name="State">{pack.state}</Fact>
        <Fact name="Directory">
          <code>{pack.path}</code>
        </Fact>
        {pack.alias !== pack.name && (
          <Fact name="Alias">
            <code>{pack.alias}</code>
          </Fact>
        )}
        <Fact name="Persona">{pack.personaTemplateId}</Fact>
        {source && (
          <Fact name="Source">
            {source.kind} <code>{source.location}</code>
          </Fact>
        )}
        <Fact name="Ref">{source?.ref}</Fact>
        <Fact name="Commit">{source?.commit && <code class="hash">{source.commit}</code>}</Fact>
        <Fact name="Installed">{source?.installedAt}</Fact>
        <Hash name="Tree SHA-256" hash={source?.treeSha256} />
        <Hash name="Fetched SHA-256" hash={source?.sha256} />
        {!source && pack.scope === 'user' && <Fact name="Source">No install recorded: copied or made by hand</Fact>}
      </dl>
    </section>
  );
}
