import { Badge } from '../parts/badge.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Message } from '../parts/message.tsx';
import { Moment } from '../parts/moment.tsx';
import { durationOf } from '../parts/moments.ts';
import { Section } from '../parts/section.tsx';
import { Partial } from '../parts/states.tsx';
import { Text } from '../parts/text.tsx';
import { Fact, type Tenant } from './overview-tab.tsx';
import { useIngestion } from './queries.ts';

/** What is collected from a tenant, by content type. */
export function CollectionTab({ tenant }: { readonly tenant: Tenant }) {
  const ingestion = useIngestion(tenant.tenantId);
  return (
    <Loaded query={ingestion} what="state of collection">
      {(state) => (
        <>
          {state.lastError !== undefined && (
            <Message tone="bad" title="The last poll failed">
              <p>
                <Text>{state.lastError}</Text>
              </p>
              {state.lastErrorCure !== undefined && !state.lastError.includes(state.lastErrorCure) && (
                <p>{state.lastErrorCure}</p>
              )}
            </Message>
          )}
          {state.gaps > 0 && (
            <Partial>
              <p>
                {state.gaps === 1 ? '1 gap is' : `${state.gaps} gaps are`} permanently lost.{' '}
                <a href={`/console/tenants/${tenant.tenantId}?tab=gaps`}>See which</a>
              </p>
            </Partial>
          )}
          <Section title="So far">
            <dl class="facts">
              <Fact name="Complete through">
                {state.completeThrough === undefined ? (
                  'Not known yet'
                ) : (
                  <Moment at={state.completeThrough} />
                )}
              </Fact>
              <Fact name="Records">{state.recordsIndexed.toLocaleString('en')}</Fact>
              <Fact name="Pending content blobs">{state.pending.toLocaleString('en')}</Fact>
              <Fact name="Last poll">
                {state.lastPollDateTime === undefined ? 'None yet' : <Moment at={state.lastPollDateTime} />}
              </Fact>
              <Fact name="Next poll">
                <Moment at={state.nextPollDateTime} />
              </Fact>
            </dl>
          </Section>
          <Section title="Content types">
            <ul class="rows">
              {state.contentTypes.map((type) => (
                <ContentType key={type.contentType} {...type} />
              ))}
            </ul>
          </Section>
        </>
      )}
    </Loaded>
  );
}

interface ContentTypeProps {
  readonly contentType: string;
  readonly enabled?: boolean | undefined;
  readonly errorMessage?: string | undefined;
  readonly cure?: string | undefined;
  readonly lagSeconds?: number | undefined;
}

function ContentType({ contentType, enabled, errorMessage, cure, lagSeconds }: ContentTypeProps) {
  return (
    <li>
      <div>
        <strong>{contentType}</strong>
        {errorMessage !== undefined && (
          <p>
            <Text>{errorMessage}</Text>
          </p>
        )}
        {enabled === false && cure !== undefined && <p>{cure}</p>}
      </div>
      <span>{lagSeconds === undefined ? 'Not known yet' : `${durationOf(lagSeconds)} behind`}</span>
      {enabled === undefined && <Badge tone="neutral">Not checked</Badge>}
      {enabled === true && <Badge tone="good">Delivered</Badge>}
      {enabled === false && <Badge tone="bad">Not delivered</Badge>}
    </li>
  );
}
