import type { RefObject } from 'preact';
import { Labeled, type Labels } from './labeled.tsx';

interface TextAreaProps extends Labels {
  readonly value: string;
  readonly most: number;
  readonly rows: number;
  readonly onInput: (value: string) => void;
  /** Written for machines: shown with letters of one width, and not checked for spelling. */
  readonly isCode?: boolean;
  readonly isRequired?: boolean;
  /** To focus it. */
  readonly element?: RefObject<HTMLTextAreaElement>;
}

/** Several lines of text. */
export function TextArea({ value, most, rows, onInput, ...rest }: TextAreaProps) {
  const { isCode = false, isRequired = false, element, ...labels } = rest;
  return (
    <Labeled
      {...labels}
      control={(tied) => (
        <textarea
          {...{ ...tied, value, rows, maxLength: most, required: isRequired, spellcheck: !isCode }}
          {...(element === undefined ? {} : { ref: element })}
          class={isCode ? 'code' : ''}
          onInput={({ currentTarget }) => {
            onInput(currentTarget.value);
          }}
        />
      )}
    />
  );
}
