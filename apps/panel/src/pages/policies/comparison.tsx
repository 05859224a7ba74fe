import { Badge, Banner, Button } from '../../components';
import type { Contest } from './changes';
import { acknowledgeTaken, outcome, settle, type Choice, type Editing } from './editing';
import { fieldOf, valueText, type Value } from './fields';

const choices: readonly (readonly [Choice, string])[] = [
  ['theirs', 'Take theirs'],
  ['mine', 'Keep mine'],
  ['both', 'Combine'],
];

function ContestView({ contest, ours }: { contest: Contest; ours: Value }) {
  const label = fieldOf(contest.id)!.label;
  return (
    <li class="contest">
      <h2>{label}</h2>
      <dl class="sides">
        <div>
          <dt>Theirs</dt>
          <dd>{valueText(contest.theirs)}</dd>
        </div>
        <div>
          <dt>Yours</dt>
          <dd>{valueText(ours)}</dd>
        </div>
      </dl>
      <div class="cluster">
        {choices
          .filter(([choice]) => outcome(contest, choice, ours) !== undefined)
          .map(([choice, text]) => (
            <Button aria-label={`${text}: ${label}`} onClick={() => settle(contest, choice)}>
              {text}
            </Button>
          ))}
      </div>
    </li>
  );
}

const place = 'policy-comparison';

export function focusComparison(): void {
  const comparison = document.getElementById(place);
  comparison?.scrollIntoView();
  comparison?.focus({ preventScroll: true });
}

/** What others changed while something was unsaved here. */
export function Comparison({ editing }: { editing: Editing }) {
  const { contests, taken, draft } = editing;
  if (contests.length === 0 && taken.length === 0) return null;
  const names = taken.map((id) => fieldOf(id)!.label).join(', ');
  return (
    <section id={place} tabIndex={-1} aria-label="Theirs and yours">
      <Banner
        tone="warning"
        role="alert"
        title="The policy was changed by someone else"
        actions={contests.length === 0 && <Button onClick={acknowledgeTaken}>Got it</Button>}
      >
        {taken.length > 0 && <p>Taken over, since you had not changed it: {names}.</p>}
        {contests.length > 0 ? (
          <>
            <p>
              You changed the same {contests.length === 1 ? 'field' : 'fields'}. Nothing is overwritten: choose, then save.{' '}
              <Badge tone="warning">{contests.length} to choose</Badge>
            </p>
            <ul class="stack">
              {contests.map((contest) => (
                <ContestView key={contest.id} contest={contest} ours={draft[contest.id]!} />
              ))}
            </ul>
          </>
        ) : (
          <p>Your unsaved changes are kept.</p>
        )}
      </Banner>
    </section>
  );
}
