import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

export interface Labels {
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong with the value, and how to make it right. */
  readonly error?: string | undefined;
}

/** What ties a control to its texts. */
interface Tied {
  readonly id: string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby': string;
}

/** A control with its label, its hint, and what is wrong with it. */
export function Labeled({
  label,
  hint,
  error,
  control,
}: Labels & { readonly control: (tied: Tied) => ComponentChildren }) {
  const id = useId();
  const about = [hint === undefined ? [] : `${id}-hint`, error === undefined ? [] : `${id}-error`].flat();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {control({ id, 'aria-invalid': error !== undefined, 'aria-describedby': about.join(' ') })}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p class="field-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
