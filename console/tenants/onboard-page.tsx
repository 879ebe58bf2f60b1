import { useMutation, useQueryClient } from '@tanstack/preact-query';
import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { toApiError } from '../api/api-error.ts';
import { answerOf, api } from '../api/client.ts';
import type { AnswerTo } from '../api/paths.ts';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { Message } from '../parts/message.tsx';
import { Failure } from '../parts/states.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { Text } from '../parts/text.tsx';
import { Page } from '../shell/page.tsx';
import { oneOf } from '../url/codecs.ts';
import { useUrlState } from '../url/use-url-state.ts';
import { ConsentLink } from './overview-tab.tsx';
import { tenantsKey } from './queries.ts';
import type { Registration } from './tenants-file.ts';
import { useAction } from '../parts/use-action.ts';

const tabs = [
  { id: 'one', text: 'One tenant' },
  { id: 'many', text: 'Many from a file' },
] as const;
const schema = { how: oneOf(['one', 'many'], 'one') } as const;

/** Tenants are registered, and their administrators get a link to consent. */
export function OnboardPage() {
  const [{ how }, change] = useUrlState(schema);
  return (
    <Page
      title="Onboard tenants"
      above={[{ href: '/console/tenants', text: 'Tenants' }]}
      about="Registering a tenant creates a link for its administrator. Collection begins as soon as they consent."
    >
      <Tabs
        label="How many"
        tabs={tabs}
        selected={how}
        onSelect={(id) => {
          change({ how: id }, { push: true });
        }}
      >
        {how === 'one' ? <One /> : <Many />}
      </Tabs>
    </Page>
  );
}

const guid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

function One() {
  const client = useQueryClient();
  const [named, setNamed] = useState('');
  const [displayName, setDisplayName] = useState('');
  const register = useAction({
    run: () => {
      const [text, name] = [named.trim(), displayName.trim()];
      const tenant = guid.test(text) ? { tenantId: text } : { domain: text };
      const body = name === '' ? tenant : { ...tenant, displayName: name };
      return answerOf(api.POST('/tenants', { body }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: tenantsKey }),
  });
  const { data } = register;
  return (
    <section class="card section" aria-label="One tenant">
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!register.isPending) register.mutate();
        }}
      >
        <Field
          label="Domain or tenant ID"
          value={named}
          onInput={setNamed}
          placeholder="contoso.com"
          isRequired
        />
        <Field
          label="Name"
          value={displayName}
          onInput={setDisplayName}
          hint="By default the domain or the ID."
        />
        <div>
          <Button kind="primary" type="submit" isBusy={register.isPending}>
            {register.isPending ? 'Registering…' : 'Register'}
          </Button>
        </div>
      </form>
      {register.error !== null && (
        <Failure error={toApiError(register.error)} what="The tenant could not be registered" />
      )}
      {data !== undefined && <Registered tenant={data} />}
    </section>
  );
}

function Registered({ tenant }: { readonly tenant: AnswerTo<'RegisterTenant'> }) {
  const { tenantId, displayName, state, consentUrl, consentUrlExpiresDateTime } = tenant;
  return (
    <>
      <Message tone="good" title="Registered">
        <p>
          <a href={`/console/tenants/${tenantId}`}>
            <Text>{displayName}</Text>
          </a>{' '}
          {state === 'Active' ? 'has consented already.' : 'is waiting for consent.'}
        </p>
      </Message>
      {consentUrl !== undefined && <ConsentLink url={consentUrl} expires={consentUrlExpiresDateTime} />}
    </>
  );
}

interface Chosen {
  readonly name: string;
  readonly tenants: readonly Registration[];
}

function Many() {
  const { route } = useLocation();
  const [chosen, setChosen] = useState<Chosen>();
  const [problem, setProblem] = useState<string>();
  const start = useMutation({
    mutationFn: (tenants: readonly Registration[]) =>
      answerOf(api.POST('/onboardings', { body: { tenants: [...tenants] } })),
    onSuccess: ({ id }) => {
      route(`/console/onboardings/${id}`);
    },
  });
  const read = async (file: File) => {
    // Loaded with the first file: few visits need it.
    const { readTenants } = await import('./tenants-file.ts');
    const found = readTenants(await file.text());
    setProblem('error' in found ? found.error : undefined);
    setChosen('error' in found ? undefined : { name: file.name, tenants: found.tenants });
  };
  return (
    <section class="card section" aria-label="Many from a file">
      <p>
        A table as spreadsheets save it ("CSV UTF-8"). Its first line names the columns: <code>domain</code>{' '}
        or <code>id</code>, and optionally <code>name</code> and <code>tags</code>. Up to 1,000 tenants.
      </p>
      <div class="field">
        <label for="file">File</label>
        <input
          id="file"
          type="file"
          accept=".csv,.txt,.tsv,text/csv"
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            if (file !== undefined) void read(file);
          }}
        />
      </div>
      {problem !== undefined && <Message tone="bad" title={problem} />}
      {start.error !== null && (
        <Failure error={toApiError(start.error)} what="The onboarding could not be started" />
      )}
      {chosen !== undefined && (
        <Preview
          chosen={chosen}
          isBusy={start.isPending}
          onStart={() => {
            start.mutate(chosen.tenants);
          }}
        />
      )}
    </section>
  );
}

interface PreviewProps {
  readonly chosen: Chosen;
  readonly isBusy: boolean;
  readonly onStart: () => void;
}

const mostShown = 10;

function Preview({ chosen: { name, tenants }, isBusy, onStart }: PreviewProps) {
  return (
    <>
      <p>
        <strong>{tenants.length === 1 ? '1 tenant' : `${tenants.length} tenants`}</strong> in{' '}
        <Text>{name}</Text>
        {tenants.length > mostShown && `, the first ${mostShown} of them`}:
      </p>
      <ul class="rows">
        {tenants.slice(0, mostShown).map(({ domain, tenantId, displayName, tags = [] }, at) => (
          <li key={at}>
            <Text>{displayName ?? domain ?? tenantId ?? ''}</Text>
            <Text>{domain ?? tenantId ?? ''}</Text>
            <span>{tags.join(', ')}</span>
          </li>
        ))}
      </ul>
      <div>
        <Button kind="primary" isBusy={isBusy} onClick={onStart}>
          {isBusy
            ? 'Starting…'
            : `Register ${tenants.length === 1 ? '1 tenant' : `${tenants.length} tenants`}`}
        </Button>
      </div>
    </>
  );
}
