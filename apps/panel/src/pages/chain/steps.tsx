// The way of a call, from the outermost interceptor to the handler, with the time that each step had.
import type { ComponentChildren } from 'preact';
import { Badge } from '../../components';
import { byPhase, microsWords, phaseMeaning, shareOf, stepOf, type Member, type TracedCall } from './chain';

function StepTime({ name, operation, traced }: { name: string; operation: string; traced: TracedCall | null }) {
  const step = stepOf(traced, operation, name);
  if (!step || !traced) return null;
  return (
    <span class="step-time">
      <span class="step-bar" aria-hidden="true" style={{ '--share': String(shareOf(step, traced)) }} />
      <span>{microsWords(step.micros)}</span>
    </span>
  );
}

interface StepProps {
  name: string;
  badge?: ComponentChildren;
  time: ComponentChildren;
  children?: ComponentChildren;
}

function Step({ name, badge, time, children }: StepProps) {
  return (
    <li class="step">
      <div class="step-head">
        <span class="step-name">
          {name} {badge}
        </span>
        {time}
      </div>
      {children}
    </li>
  );
}

function Operations({ member }: { member: Member }) {
  const { operations } = member;
  return (
    <details>
      <summary>{`${operations.length} ${operations.length === 1 ? 'operation' : 'operations'}`}</summary>
      <ul class="operation-names">
        {operations.map((operation) => (
          <li>
            <code>{operation}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}

interface StepsProps {
  members: readonly Member[];
  /** "" is any. */
  operation: string;
  traced: TracedCall | null;
}

/** Steps of the last call that are no interceptors: the judges before the handler. */
function OtherSteps({ traced, operation, members }: StepsProps) {
  if (!traced || (operation !== '' && traced.operation !== operation)) return null;
  const known = new Set(members.map(({ name }) => name));
  const others = traced.steps.filter(({ name }) => name !== 'handler' && !known.has(name));
  return (
    <>
      {others.map(({ name }) => (
        <Step name={name} time={<StepTime name={name} operation={operation} traced={traced} />}>
          {name === 'judges' && <p class="hint">The rules of all interceptors, asked before the effect</p>}
        </Step>
      ))}
    </>
  );
}

export function Steps({ members, operation, traced }: StepsProps) {
  return (
    <div class="phases">
      {byPhase(members, operation).map(({ phase, members: ofPhase }) => (
        <section class="phase" aria-labelledby={`phase-${phase}`}>
          <h2 id={`phase-${phase}`}>{phase}</h2>
          <p class="hint">{phaseMeaning[phase]}</p>
          {ofPhase.length === 0 && <p class="hint">No interceptor here</p>}
          <ol>
            {ofPhase.map((member) => (
              <Step
                key={member.name}
                name={member.name}
                badge={<Badge>{`from ${member.source}`}</Badge>}
                time={<StepTime name={member.name} operation={operation} traced={traced} />}
              >
                <Operations member={member} />
              </Step>
            ))}
          </ol>
        </section>
      ))}
      <section class="phase" aria-labelledby="phase-handler">
        <h2 id="phase-handler">handler</h2>
        <p class="hint">Carries the operation out; reached through the chain only</p>
        <ol>
          <OtherSteps members={members} operation={operation} traced={traced} />
          <Step
            name={operation || traced?.operation || 'handler'}
            time={<StepTime name="handler" operation={operation} traced={traced} />}
          />
        </ol>
      </section>
    </div>
  );
}
