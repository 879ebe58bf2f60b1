import { useId } from 'preact/hooks';

interface TextAreaProps {
  readonly label: string;
  readonly value: string;
  readonly most: number;
  readonly rows: number;
  readonly onInput: (value: string) => void;
}

/** Several lines of text. */
export function TextArea({ label, value, most, rows, onInput }: TextAreaProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        {...{ id, value, rows, maxLength: most }}
        onInput={({ currentTarget }) => {
          onInput(currentTarget.value);
        }}
      />
    </div>
  );
}
