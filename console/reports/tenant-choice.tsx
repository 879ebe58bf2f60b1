import { Choice } from '../parts/field.tsx';
import { splitValues } from '../search/lists.ts';
import { ValuesField } from '../search/values-field.tsx';
import type { useTenants } from '../tenants/queries.ts';
import type { ChangeState } from '../url/codecs.ts';
import type { formSchema, FormState } from './form-state.ts';
import { countText } from './numbers.ts';
import { several, tenantOptions, tenantsIn, termChoices, type Chosen } from './tenant-sets.ts';

export type Tenants = NonNullable<ReturnType<typeof useTenants>['data']>['value'];

interface TenantChoiceProps {
  readonly tenants: Tenants;
  readonly chosen: Chosen | undefined;
  readonly state: FormState;
  readonly change: ChangeState<typeof formSchema>;
}

/** One tenant by name, all, those with a tag, or several. */
export function TenantChoice({ tenants, chosen, state, change }: TenantChoiceProps) {
  const options = tenantOptions(tenants);
  const isKnown = options.some(({ value }) => value === state.tenant);
  return (
    <div class="report-tenant">
      <Choice
        label="Tenants"
        value={isKnown ? state.tenant : ''}
        options={options}
        onChange={(tenant) => {
          change({ tenant, several: [] }, { push: true });
        }}
      />
      {state.tenant === several && <Several {...{ tenants, state, change }} />}
      {chosen?.tenants !== undefined && <HowMany terms={chosen.tenants} tenants={tenants} />}
    </div>
  );
}

function Several({ tenants, state, change }: Omit<TenantChoiceProps, 'chosen'>) {
  const choices = termChoices(tenants);
  return (
    <ValuesField
      label="Add tenants and tags"
      hint="Name, ID, domain, or tag:gold"
      values={state.several}
      choices={choices}
      nameOf={(value) => choices.find(({ name }) => name === value)?.displayName ?? value}
      valuesOf={splitValues}
      onChange={(terms) => {
        change({ several: terms }, { push: true });
      }}
    />
  );
}

interface HowManyProps {
  readonly terms: readonly string[];
  readonly tenants: Tenants;
}

/** So that no one starts reports on all tenants by mistake. */
function HowMany({ terms, tenants }: HowManyProps) {
  const count = tenantsIn(terms, tenants).length;
  if (terms.length === 0) return null;
  return (
    <p class="fine" role="status">
      {howManyText(count)}
    </p>
  );
}

function howManyText(count: number): string {
  if (count === 0) return 'None of the tenants that you see.';
  return count === 1 ? 'A report on 1 tenant.' : `A report on each of ${countText(count)} tenants.`;
}
