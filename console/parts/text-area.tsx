import type { RefObject } from 'preact';
import { useId } from 'preact/hooks';

interface TextAreaProps {
  readonly label: string;
  readonly value: string;
  readonly most: number;
  readonly rows: number;
  readonly onInput: (value: string) => void;
  readonly hint?: string;
  /** What is wrong with the value, and how to make it right. */
  readonly error?: string | undefined;
  /** Written for machines: shown with letters of one width, and not checked for spelling. */
  readonly isCode?: boolean;
  readonly isRequired?: boolean;
  /** To focus it. */
  readonly element?: RefObject<HTMLTextAreaElement>;
}

/** Several lines of text. */
export function TextArea({ label, value, most, rows, onInput, ...rest }: TextAreaProps) {
  const { hint, error, isCode = false, isRequired = false, element } = rest;
  const id = useId();
  const about = [hint === undefined ? [] : `${id}-hint`, error === undefined ? [] : `${id}-error`].flat();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        {...{ id, value, rows, maxLength: most, required: isRequired, spellcheck: !isCode }}
        {...(element === undefined ? {} : { ref: element })}
        class={isCode ? 'code' : ''}
        aria-invalid={error !== undefined}
        aria-describedby={about.join(' ')}
        onInput={({ currentTarget }) => {
          onInput(currentTarget.value);
        }}
      />
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
