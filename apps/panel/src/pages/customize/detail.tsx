// All of one pack.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Badge, Banner, Switch } from '../../components';
import { About } from './about';
import { lockReason, safeColor, shortIcon, type Pack } from './pack';
import { PackBadges, PackSwitch } from './list';
import { PackActions } from './pack_actions';
import { PolicyReason } from './policy_reason';
import { Scan } from './scan';
import type { Switching } from './switching';

function Section({ title, count, children }: { title: string; count: number; children: ComponentChildren }) {
  if (count === 0) return null;
  return (
    <section class="detail-section">
      <h3>
        {title} <span class="count">{count}</span>
      </h3>
      <ul class="entries">{children}</ul>
    </section>
  );
}

function Entry({
  name,
  id,
  children,
  end,
}: {
  name: ComponentChildren;
  id?: string;
  children?: ComponentChildren;
  end?: ComponentChildren;
}) {
  return (
    <li class="entry">
      <div class="entry-text">
        <span class="entry-name">{name}</span> {id && <code class="entry-id">{id}</code>}
        {children && <p class="entry-description">{children}</p>}
      </div>
      {end}
    </li>
  );
}

function Skills({ pack, switching }: { pack: Pack; switching: Switching }) {
  const reason = lockReason(pack);
  return (
    <Section title="Skills" count={pack.skills.length}>
      {pack.skills.map((skill) => (
        <Entry
          key={skill.id}
          name={[<span aria-hidden="true">{shortIcon(skill.icon, '')} </span>, skill.name]}
          id={skill.id}
          end={
            <Switch
              label={`Enable skill ${skill.name}`}
              describedBy={reason && 'detail-lock'}
              checked={switching.skillOn(pack, skill)}
              locked={reason !== undefined}
              busy={switching.isBusy(pack.name, skill.id)}
              onChange={(enabled) => switching.switchSkill(pack, skill, enabled)}
            />
          }
        >
          {skill.description}
        </Entry>
      ))}
    </Section>
  );
}

function Agents({ pack }: { pack: Pack }) {
  return (
    <Section title="Agents" count={pack.agentRoles.length}>
      {pack.agentRoles.map((role) => {
        const color = safeColor(role.color);
        return (
          <Entry
            name={[
              <span class="role-icon" aria-hidden="true" style={color ? { '--role-color': color } : {}}>
                {shortIcon(role.icon, role.displayName)}
              </span>,
              role.displayName,
            ]}
            id={role.name}
          >
            {role.description}
          </Entry>
        );
      })}
    </Section>
  );
}

function Connectors({ pack }: { pack: Pack }) {
  return (
    <Section title="Connectors" count={pack.connectors.length}>
      {pack.connectors.map((connector) => (
        <Entry
          key={connector.name}
          name={connector.name}
          id={connector.type}
          end={connector.policyBlocked && <Badge tone="danger">Blocked</Badge>}
        >
          {connector.description}
          {connector.policyBlocked && <PolicyReason operation="connector:use" params={[connector.name]} />}
        </Entry>
      ))}
    </Section>
  );
}

function Texts({ title, texts }: { title: string; texts: readonly unknown[] }) {
  return (
    <Section title={title} count={texts.length}>
      {texts.map((text) => (
        <li class="entry">{typeof text === 'string' ? text : JSON.stringify(text)}</li>
      ))}
    </Section>
  );
}

/** Words rather than sentences: they fit beside each other. */
function Words({ title, texts }: { title: string; texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <section class="detail-section">
      <h3>
        {title} <span class="count">{texts.length}</span>
      </h3>
      <ul class="cluster">
        {texts.map((text) => (
          <li class="word">{text}</li>
        ))}
      </ul>
    </section>
  );
}

function Contributions({ pack, switching }: { pack: Pack; switching: Switching }) {
  const tools = pack.tools ?? [];
  return (
    <>
      <Section title="Commands" count={pack.slashCommands.length}>
        {pack.slashCommands.map((command) => (
          <Entry name={`/${command.name}`} id={command.skillId}>
            {command.description}
          </Entry>
        ))}
      </Section>
      <Skills pack={pack} switching={switching} />
      <Agents pack={pack} />
      <Connectors pack={pack} />
      <Section title="Tools" count={tools.length}>
        {tools.map((tool) => (
          <Entry name={tool.name}>{tool.description}</Entry>
        ))}
      </Section>
      <Texts title="Try asking" texts={pack.tryAsking} />
      <Texts title="Outcomes" texts={pack.outcomeExamples} />
      <Words title="Best fit" texts={pack.bestFitWorkflows} />
      <Words title="Recommended connectors" texts={pack.recommendedConnectors} />
    </>
  );
}

function Policy({ pack }: { pack: Pack }) {
  const reason = lockReason(pack);
  if (!reason) return null;
  const wanted = pack.policyBlocked;
  return (
    <div id="detail-lock">
      <Banner tone={pack.policyBlocked ? 'danger' : 'info'} title={reason}>
        <PolicyReason key={`${pack.name} ${wanted}`} operation="pluginPack:toggle" params={[pack.name, wanted]} />
      </Banner>
    </div>
  );
}

interface DetailProps {
  pack: Pack;
  latest: string | undefined;
  switching: Switching;
  /** Take the focus: the reader came here from a list that is no longer on the screen. */
  takeFocus: boolean;
  onChanged: () => Promise<void>;
}

export function PackDetail({ pack, latest, switching, takeFocus, onChanged }: DetailProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (takeFocus) heading.current?.focus();
  }, []);
  return (
    <article class="pack-detail" aria-labelledby="detail-name">
      <header class="detail-head">
        <span class="pack-icon pack-icon-large" aria-hidden="true">
          {shortIcon(pack.icon, pack.displayName)}
        </span>
        <div class="detail-title">
          <h2 id="detail-name" tabIndex={-1} ref={heading}>
            {pack.displayName}
          </h2>
          <p class="hint">
            <code>{pack.name}</code> {pack.version} <PackBadges pack={pack} latest={latest} />
          </p>
        </div>
        <PackSwitch pack={pack} switching={switching} describedBy={lockReason(pack) && 'detail-lock'} />
      </header>
      <p>{pack.description}</p>
      {pack.error && pack.state !== 'quarantined' && (
        <Banner tone="danger" title="This pack does not run">
          <p>{pack.error}</p>
        </Banner>
      )}
      <Scan pack={pack} />
      <Policy pack={pack} />
      <PackActions pack={pack} latest={latest} onChanged={onChanged} />
      <Contributions pack={pack} switching={switching} />
      <About pack={pack} />
    </article>
  );
}
