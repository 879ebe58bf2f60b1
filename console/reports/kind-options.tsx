import { Check, Field } from '../parts/field.tsx';
import type { Kind, KindOption } from './kinds-in.ts';
import { readable, type Options } from './options.ts';

interface KindOptionsProps {
  readonly kind: Kind;
  readonly chosen: Options;
  readonly onChange: (chosen: Options) => void;
}

/** The options that a kind has, whatever they are: known values are checked, others are typed. */
export function KindOptions({ kind, chosen, onChange }: KindOptionsProps) {
  return (
    <>
      {kind.options.map((option) => (
        <OneOption
          key={option.name}
          option={option}
          values={chosen[option.name] ?? []}
          onChange={(values) => {
            onChange({ ...chosen, [option.name]: values });
          }}
        />
      ))}
    </>
  );
}

interface OneOptionProps {
  readonly option: KindOption;
  readonly values: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
}

function OneOption({ option, values, onChange }: OneOptionProps) {
  const { title, description } = option;
  if (option.values.length > 0) return <Values {...{ option, values, onChange }} />;
  return (
    <Field
      label={title}
      hint={description}
      value={values.join(', ')}
      onInput={(text) => {
        onChange(text === '' ? [] : option.isList ? text.split(',').map((one) => one.trim()) : [text]);
      }}
    />
  );
}

function Values({ option: { title, description, values: known, isList }, values, onChange }: OneOptionProps) {
  return (
    <fieldset class="report-option">
      <legend>{title}</legend>
      <p class="hint">{description} None checked: as described above.</p>
      <div class="report-values">
        {known.map((value) => (
          <Check
            key={value}
            isChecked={values.includes(value)}
            onChange={(isChecked) => {
              const others = isList ? values.filter((one) => one !== value) : [];
              onChange(isChecked ? [...others, value] : others);
            }}
          >
            {readable(value)}
          </Check>
        ))}
      </div>
    </fieldset>
  );
}
