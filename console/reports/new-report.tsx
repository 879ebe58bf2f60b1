import { useMutation, useQueryClient } from '@tanstack/preact-query';
import { useLocation } from 'preact-iso';
import { toApiError } from '../api/api-error.ts';
import { answerOf, api } from '../api/client.ts';
import { Button } from '../parts/button.tsx';
import { Choice } from '../parts/field.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Section } from '../parts/section.tsx';
import { Failure } from '../parts/states.tsx';
import type { ChangeState } from '../url/codecs.ts';
import type { formSchema, FormState } from './form-state.ts';
import type { Kind } from './kinds-in.ts';
import { KindOptions } from './kind-options.tsx';
import { requested } from './options.ts';
import { reportsKey, useKinds } from './queries.ts';
import { RangeFields } from './range-fields.tsx';
import { rangeOf, type Range } from './range.ts';
import type { Chosen } from './tenant-sets.ts';

interface NewReportProps {
  readonly chosen: Chosen;
  readonly state: FormState;
  readonly change: ChangeState<typeof formSchema>;
}

/** Chooses what a report answers, and starts it. */
export function NewReport(props: NewReportProps) {
  const kinds = useKinds();
  return (
    <Section title="New report">
      <Loaded query={kinds} what="kinds of reports">
        {(known) => <Form {...props} kinds={known} />}
      </Loaded>
    </Section>
  );
}

interface FormProps extends NewReportProps {
  readonly kinds: readonly Kind[];
}

function Form({ chosen, state, change, kinds }: FormProps) {
  const kind = kinds.find(({ name }) => name === state.kind) ?? kinds[0];
  const range = rangeOf(state, new Date());
  if (kind === undefined) return <p>This release of the app has no reports.</p>;
  return (
    <div class="stack">
      <div class="report-fields">
        <Choice
          label="Report"
          value={kind.name}
          options={kinds.map(({ name, title }) => ({ value: name, text: title }))}
          onChange={(name) => {
            change({ kind: name, options: {} }, { push: true });
          }}
        />
        <RangeFields {...{ state, change, range }} />
      </div>
      <p class="fine">{kind.description}</p>
      <KindOptions
        kind={kind}
        chosen={state.options}
        onChange={(options) => {
          change({ options });
        }}
      />
      <Start {...{ chosen, kind, range, state }} />
    </div>
  );
}

interface StartProps {
  readonly chosen: Chosen;
  readonly kind: Kind;
  readonly range: Range | undefined;
  readonly state: FormState;
}

function Start({ chosen, kind, range, state }: StartProps) {
  const { route } = useLocation();
  const client = useQueryClient();
  const start = useMutation({
    mutationFn: (wanted: Range) =>
      started(chosen, { kind: kind.name, ...wanted, ...requested(kind, state.options) }),
    onSuccess: (address) => {
      void client.invalidateQueries({ queryKey: reportsKey });
      route(address);
    },
  });
  return (
    <>
      {start.error !== null && (
        <Failure error={toApiError(start.error)} what="The report could not be started" />
      )}
      <div>
        <Button
          kind="primary"
          isBusy={start.isPending}
          refusal={chosen.tenants?.length === 0 ? 'Add tenants or tags first.' : undefined}
          onClick={() => {
            if (range !== undefined) start.mutate(range);
          }}
        >
          {chosen.tenants === undefined ? 'Start the report' : 'Start the reports'}
        </Button>
      </div>
    </>
  );
}

type Body = Range & { readonly kind: string };

/** @returns where it is shown */
async function started(chosen: Chosen, body: Body): Promise<string> {
  if (chosen.tenants !== undefined) {
    const set = await answerOf(api.POST('/reports', { body: { ...body, tenants: [...chosen.tenants] } }));
    return `/console/reports/sets/${set.id}`;
  }
  const { tenantId } = chosen;
  const path = '/tenants/{tenantId}/reports' as const;
  const { id } = await answerOf(api.POST(path, { params: { path: { tenantId } }, body }));
  return `/console/reports/${tenantId}/${id}`;
}
