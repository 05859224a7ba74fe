// How much is unsaved, and what can be done with it; it stays in sight wherever the page is scrolled to.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button, toast, toastError } from '../../components';
import { focusComparison } from './comparison';
import { checkDraft, reset, save, type Editing } from './editing';
import { Review } from './review';

function focusFirstError(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('.policies [aria-invalid="true"]')?.focus());
}

async function saveAndSay(): Promise<boolean> {
  const saved = await save((warnings) => warnings.forEach((text) => toast(text)));
  if (!saved) {
    focusFirstError();
    return false;
  }
  toast('Policies saved');
  // The bar that had the focus is gone.
  document.getElementById('main')?.focus({ preventScroll: true });
  return true;
}

/** Toasts stand above the bar, however many lines it has. */
function useToastsAbove() {
  const bar = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { style } = document.documentElement;
    const observer = new ResizeObserver(() => style.setProperty('--bar-height', `${bar.current?.offsetHeight ?? 0}px`));
    observer.observe(bar.current!);
    return () => {
      observer.disconnect();
      style.removeProperty('--bar-height');
    };
  }, []);
  return bar;
}

function Bar({ editing, frozen }: { editing: Editing; frozen: boolean }) {
  const [reviewing, setReviewing] = useState(false);
  const [resetting, setResetting] = useState(false);
  const bar = useToastsAbove();
  const { changed, contests, saving } = editing;
  const stuck = contests.length > 0 || frozen;
  const review = () => {
    if (checkDraft()) setReviewing(true);
    else focusFirstError();
  };
  const startReset = () => {
    setResetting(true);
    reset()
      .then(() => document.getElementById('main')?.focus({ preventScroll: true }), toastError)
      .finally(() => setResetting(false));
  };
  return (
    <div class="unsaved" role="region" aria-label="Unsaved changes" ref={bar}>
      <p role="status">
        <strong>
          {changed.length} unsaved {changed.length === 1 ? 'change' : 'changes'}
        </strong>
        {contests.length > 0 && (
          <Button kind="quiet" class="button-inline" onClick={focusComparison}>
            Choose between theirs and yours first.
          </Button>
        )}
        {frozen && <span class="hint"> Repair the file first.</span>}
      </p>
      <div class="cluster">
        <Button disabled={stuck} onClick={review}>
          Review
        </Button>
        <Button busy={resetting} onClick={startReset}>
          Reset
        </Button>
        <Button kind="primary" busy={saving} disabled={stuck} onClick={() => void saveAndSay()}>
          Save Policies
        </Button>
      </div>
      {reviewing && (
        <Review
          editing={editing}
          onClose={() => setReviewing(false)}
          onSave={() => void saveAndSay().then((saved) => saved || setReviewing(false))}
        />
      )}
    </div>
  );
}

export function UnsavedBar(props: { editing: Editing; frozen: boolean }) {
  return props.editing.changed.length > 0 ? <Bar {...props} /> : null;
}
