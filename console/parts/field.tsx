import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Labeled, type Labels } from './labeled.tsx';

interface FieldProps extends Labels {
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: 'text' | 'search' | 'password' | 'date' | 'time';
  readonly placeholder?: string;
  readonly isRequired?: boolean;
}

/** One line of text. */
export function Field({
  value,
  onInput,
  type = 'text',
  placeholder,
  isRequired = false,
  ...labels
}: FieldProps) {
  return (
    <Labeled
      {...labels}
      control={(tied) => (
        <input
          {...{ ...tied, type, value, placeholder, required: isRequired }}
          autocomplete="off"
          spellcheck={false}
          onInput={({ currentTarget }) => {
            onInput(currentTarget.value);
          }}
        />
      )}
    />
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly text: string }[];
  readonly onChange: (value: Value) => void;
}

/** One of a few. */
export function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        onChange={({ currentTarget }) => {
          const chosen = options.find((option) => option.value === currentTarget.value);
          if (chosen !== undefined) onChange(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </div>
  );
}

interface CheckProps {
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
  readonly children: ComponentChildren;
}

export function Check({ isChecked, onChange, children }: CheckProps) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={isChecked}
        onChange={({ currentTarget }) => {
          onChange(currentTarget.checked);
        }}
      />
      <span>{children}</span>
    </label>
  );
}
