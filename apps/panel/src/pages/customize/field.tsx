// A labelled text field with its rule or its fault below.
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

type FieldProps = Omit<JSX.InputHTMLAttributes<HTMLInputElement>, 'onInput' | 'value' | 'label'> & {
  label: string;
  value: string;
  hint?: string;
  fault?: string | undefined;
  onText: (text: string) => void;
};

export function Field({ label, value, hint, fault, onText, ...rest }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
      </label>
      <input
        type="text"
        class="input"
        autoComplete="off"
        spellcheck={false}
        {...rest}
        id={id}
        value={value}
        aria-invalid={fault ? true : undefined}
        aria-describedby={described || undefined}
        onInput={(event) => onText(event.currentTarget.value)}
      />
      {hint && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {fault && (
        <span class="field-error" id={`${id}-fault`}>
          {fault}
        </span>
      )}
    </div>
  );
}
