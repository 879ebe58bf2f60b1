import { splitValues } from './lists.ts';
import { nameIn, useTenantChoices } from './queries.ts';
import { ValuesField } from './values-field.tsx';

interface TenantsFieldProps {
  /** Terms of a set: IDs, domains, tags such as `tag:gold`, or `*`. */
  readonly values: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
  readonly label?: string;
  /** The list of tenants may be loaded. */
  readonly isReady?: boolean;
}

/** A set of tenants: by default all, or those and the tags that are added. */
export function TenantsField({ values, onChange, label = 'Tenants', isReady = true }: TenantsFieldProps) {
  const choices = useTenantChoices(isReady).data;
  return (
    <ValuesField
      label={label}
      hint="Add a tenant, or a tag: tag:gold"
      values={values}
      choices={choices}
      nameOf={(value) => (value === '*' ? 'All tenants' : nameIn(choices, value))}
      valuesOf={splitValues}
      onChange={(changed) => {
        onChange(narrowed(changed));
      }}
    />
  );
}

/** All tenants are all that there are, until another one is chosen. */
function narrowed(values: readonly string[]): readonly string[] {
  const some = values.filter((value) => value !== '*');
  return values.at(-1) === '*' || some.length === 0 ? ['*'] : some;
}
