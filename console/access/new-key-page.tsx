import { useQueryClient } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { toApiError } from '../api/api-error.ts';
import { Button } from '../parts/button.tsx';
import { Check, Choice, Field } from '../parts/field.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Section } from '../parts/section.tsx';
import { ShownOnce } from '../parts/shown-once.tsx';
import { Failure } from '../parts/states.tsx';
import { Page } from '../shell/page.tsx';
import { useTenants } from '../tenants/queries.ts';
import { scopeTexts, usefulScopes, type Scope } from './key-texts.ts';
import { createKey, keysKey, useKeys, type CreatedKey } from './queries.ts';
import { useAction } from '../parts/use-action.ts';

/** Creates a client key, and shows it once. */
export function NewKeyPage() {
  return (
    <Page title="Create a key" above={[{ href: '/console/access', text: 'Access' }]}>
      <Loaded query={useKeys()} what="client keys">
        {() => <Form />}
      </Loaded>
    </Page>
  );
}

function Form() {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [tenants, setTenants] = useState('');
  const [chosen, setChosen] = useState<readonly Scope[]>(['records.read']);
  const [expires, setExpires] = useState(inOneYear);
  const useful = usefulScopes(tenants);
  const create = useAction({
    run: () =>
      createKey({
        name,
        tenants,
        scopes: chosen.filter((scope) => useful.includes(scope)),
        ...(expires === '' ? {} : { expiresDateTime: `${expires}T00:00:00Z` }),
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: keysKey }),
  });
  if (create.data !== undefined) return <Created created={create.data} />;
  return (
    <form
      class="card section stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!create.isPending) create.mutate();
      }}
    >
      <Field label="Name" value={name} onInput={setName} isRequired hint="Who or what will use it." />
      <TenantsChoice value={tenants} onChange={setTenants} />
      <Scopes scopes={useful} chosen={chosen} onChange={setChosen} />
      <Field
        label="Expires (UTC)"
        type="date"
        value={expires}
        onInput={setExpires}
        hint="Empty: never. A key that expires limits the damage of a leak."
      />
      {create.error !== null && (
        <Failure error={toApiError(create.error)} what="The key could not be created" />
      )}
      <div>
        <Button kind="primary" type="submit" isBusy={create.isPending}>
          {create.isPending ? 'Creating…' : 'Create the key'}
        </Button>
      </div>
    </form>
  );
}

function inOneYear(): string {
  return new Date(Date.now() + 365 * 24 * 3_600_000).toISOString().slice(0, 10);
}

interface TenantsChoiceProps {
  readonly value: string;
  readonly onChange: (tenants: string) => void;
}

/** Nothing is chosen at first: all tenants must be a decision. */
function TenantsChoice({ value, onChange }: TenantsChoiceProps) {
  const tenants = useTenants().data?.value ?? [];
  const tags = [...new Set(tenants.flatMap((tenant) => tenant.tags))].sort();
  return (
    <Choice
      label="Tenants"
      value={value}
      options={[
        { value: '', text: 'Choose…' },
        { value: '*', text: 'All tenants' },
        ...tags.map((tag) => ({ value: `tag:${tag}`, text: `With the tag ${tag}` })),
        ...tenants.map(({ tenantId, displayName }) => ({ value: tenantId, text: displayName })),
      ]}
      onChange={onChange}
    />
  );
}

interface ScopesProps {
  readonly scopes: readonly Scope[];
  readonly chosen: readonly Scope[];
  readonly onChange: (chosen: readonly Scope[]) => void;
}

function Scopes({ scopes, chosen, onChange }: ScopesProps) {
  return (
    <fieldset class="checks">
      <legend>It may</legend>
      {scopes.map((scope) => (
        <Check
          key={scope}
          isChecked={chosen.includes(scope)}
          onChange={(isChecked) => {
            onChange([...chosen.filter((one) => one !== scope), ...(isChecked ? [scope] : [])]);
          }}
        >
          {scopeTexts[scope]} <code>{scope}</code>
        </Check>
      ))}
    </fieldset>
  );
}

interface CreatedProps {
  readonly created: CreatedKey;
}

function Created({ created: { name, key: secret, tagsWithoutTenants = [] } }: CreatedProps) {
  return (
    <Section title={<bdi>{name}</bdi>}>
      <ShownOnce what="Client key" secret={secret}>
        {tagsWithoutTenants.length > 0 && (
          <p>
            No tenant has the tag {tagsWithoutTenants.join(', ')} yet: until one has, the key opens nothing by
            it.
          </p>
        )}
      </ShownOnce>
      <p>
        <a href="/console/access">Show the client keys</a>
      </p>
    </Section>
  );
}
