interface SwitchProps {
  id?: string;
  /** The visible label belongs to the caller, who names it here; or `label` is spoken alone. */
  label?: string;
  labelledBy?: string;
  describedBy?: string | undefined;
  checked: boolean;
  /** Shown as it stands, and not to be changed; focus still reaches it, so that its reason can be read. */
  locked?: boolean;
  busy?: boolean;
  onChange: (checked: boolean) => void;
}

export function Switch({ id, label, labelledBy, describedBy, checked, locked, busy, onChange }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      class="switch"
      id={id}
      aria-checked={checked}
      aria-label={label}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      aria-disabled={locked || busy ? true : undefined}
      aria-busy={busy}
      onClick={() => {
        if (!locked && !busy) onChange(!checked);
      }}
    >
      <span class="switch-thumb" aria-hidden="true" />
    </button>
  );
}
