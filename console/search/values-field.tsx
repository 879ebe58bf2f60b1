import { useId, useState } from 'preact/hooks';
import { Text } from '../parts/text.tsx';
import type { Choice } from './queries.ts';

interface ValuesFieldProps {
  readonly label: string;
  readonly values: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
  readonly choices?: readonly Choice[] | undefined;
  readonly hint?: string | undefined;
  /** A text that is entered, as values; by default one. */
  readonly valuesOf?: (text: string) => readonly string[];
  /** Only one value: it is edited in its place. */
  readonly isSingle?: boolean;
  /** Of values that may have a name. */
  readonly nameOf?: (value: string) => string;
}

/**
 * Values that a filter has, each with a button that takes it away, and a field to add more: typed, or from a list by
 * their readable names. Nothing is searched while typing: Enter, leaving the field, or choosing does.
 */
export function ValuesField(props: ValuesFieldProps) {
  const { label, values, onChange, choices = [], hint, isSingle = false } = props;
  const id = useId();
  const [draft, setDraft] = useState<string>();
  const shown = draft ?? (isSingle ? (values[0] ?? '') : '');
  const commit = (text: string) => {
    setDraft(undefined);
    const next = committed(props, text, choices);
    if (next.join('\n') !== values.join('\n')) onChange(next);
  };
  return (
    <div class="field values">
      <label for={id}>{label}</label>
      {!isSingle && values.length > 0 && <Chips {...props} />}
      <input
        {...{ id, type: 'text', value: shown, placeholder: hint, autocomplete: 'off', spellcheck: false }}
        list={choices.length === 0 ? undefined : `${id}-choices`}
        onInput={({ currentTarget }) => {
          setDraft(currentTarget.value);
        }}
        onChange={({ currentTarget }) => {
          commit(currentTarget.value);
        }}
      />
      {choices.length > 0 && (
        <datalist id={`${id}-choices`}>
          {choices.map(({ name, displayName }) => (
            <option key={name} value={name} label={displayName} />
          ))}
        </datalist>
      )}
    </div>
  );
}

/** A readable name is taken for the value that it names. */
function committed(
  { values, valuesOf = (text) => [text], isSingle = false }: ValuesFieldProps,
  text: string,
  choices: readonly Choice[],
): readonly string[] {
  const trimmed = text.trim();
  if (isSingle) return trimmed === '' ? [] : [trimmed];
  const named = choices.find(({ displayName }) => displayName.toLowerCase() === trimmed.toLowerCase());
  const added = named === undefined ? valuesOf(trimmed).filter((value) => value !== '') : [named.name];
  return [...new Set([...values, ...added])];
}

function Chips({ label, values, onChange, nameOf = (value) => value }: ValuesFieldProps) {
  return (
    <ul class="chips" aria-label={label}>
      {values.map((value) => (
        <li class="chip" key={value} title={value}>
          <Text most={60}>{nameOf(value)}</Text>
          <button
            type="button"
            aria-label={`Remove ${nameOf(value).slice(0, 60)} from ${label}`}
            onClick={() => {
              onChange(values.filter((other) => other !== value));
            }}
          >
            ×
          </button>
        </li>
      ))}
    </ul>
  );
}
