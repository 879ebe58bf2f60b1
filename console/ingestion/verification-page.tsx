import { useRoute } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { answerOf, api } from '../api/client.ts';
import type { AnswerTo } from '../api/paths.ts';
import { Badge } from '../parts/badge.tsx';
import { Cancel } from '../parts/cancel.tsx';
import { DataTable, type Column } from '../parts/data-table.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Message } from '../parts/message.tsx';
import { Moment } from '../parts/moment.tsx';
import { Section } from '../parts/section.tsx';
import { Partial } from '../parts/states.tsx';
import { Text } from '../parts/text.tsx';
import { announce } from '../shell/announcer.tsx';
import { useRefusalIn } from '../session/use-permissions.ts';
import { Page } from '../shell/page.tsx';
import { Fact } from '../tenants/overview-tab.tsx';
import { isRunning, useTenant } from '../tenants/queries.ts';
import { ingestionKey, useVerification, useVerificationResult } from './queries.ts';
import { outcomeOf, type Verification } from './verification-texts.ts';

type Difference = AnswerTo<'GetVerificationResult'>['differences'][number];

/** A verification: it runs whether this page is open or not, and is always found at this address. */
export function VerificationPage() {
  const { tenantId = '', verificationId = '' } = useRoute().params;
  const tenant = useTenant(tenantId);
  const verification = useVerification(tenantId, verificationId);
  return (
    <Page
      title="Verification"
      above={[
        { href: '/console/ingestion', text: 'Ingestion' },
        {
          href: `/console/ingestion/${tenantId}?tab=verifications`,
          text: tenant.data?.displayName ?? 'Tenant',
        },
      ]}
    >
      <Loaded query={verification} what="verification">
        {(one) => (
          <>
            <Status verification={one} />
            {one.differenceCount > 0 && <Kinds verification={one} />}
            {one.status === 'Succeeded' && one.differenceCount > 0 && <Differences {...one} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Status({ verification }: { readonly verification: Verification }) {
  const { tenantId, id, status, errorMessage } = verification;
  const { tone, text } = outcomeOf(verification);
  const refusal = useRefusalIn(tenantId, 'CancelVerification');
  useEffect(() => {
    announce(text);
  }, [text]);
  return (
    <Section
      title={<Badge tone={tone}>{text}</Badge>}
      side={
        <span class="fine">
          Started <Moment at={verification.createdDateTime} />
        </span>
      }
    >
      {isRunning(status) && (
        <>
          <p class="fine">You can leave this page: it continues, and this address shows it again.</p>
          <Cancel
            refusal={refusal}
            shownBy={[...ingestionKey, tenantId, 'verifications']}
            cancel={() =>
              answerOf(
                api.POST('/tenants/{tenantId}/ingestion/verifications/{verificationId}/cancel', {
                  params: { path: { tenantId, verificationId: id } },
                }),
              )
            }
          />
        </>
      )}
      {errorMessage !== undefined && (
        <Message tone="bad" title="It ended early">
          <p>
            <Text>{errorMessage}</Text>
          </p>
        </Message>
      )}
      {verification.pendingCount > 0 && (
        <Partial>
          <p>
            {count(verification.pendingCount)} landings are not indexed yet, and were not compared with the
            index.
          </p>
        </Partial>
      )}
      <Facts verification={verification} />
    </Section>
  );
}

function Facts({ verification }: { readonly verification: Verification }) {
  const { fromDateTime, toDateTime } = verification;
  return (
    <dl class="facts">
      <Fact name="Landed from">
        {fromDateTime === undefined ? 'The beginning' : <Moment at={fromDateTime} />}
      </Fact>
      <Fact name="Landed before">
        <Moment at={toDateTime} />
      </Fact>
      <Fact name="Compared">{modeText(verification.mode)}</Fact>
      <Fact name="Landings compared">
        {count(verification.comparedCount)} of {count(verification.landingCount)} found
      </Fact>
      <Fact name="Records read">{count(verification.recordCount)}</Fact>
      <Fact name="Rows of the index compared">{count(verification.indexRowCount)}</Fact>
      <Fact name="Links of the chain computed">{count(verification.linkCount)}</Fact>
      <Fact name="Seed of the sample">{verification.seed ?? 'None'}</Fact>
    </dl>
  );
}

function modeText(mode: Verification['mode']): string {
  if (mode === undefined) return 'Not decided yet';
  return mode === 'full' ? 'All landings' : 'A sample of landings';
}

function count(number: number): string {
  return number.toLocaleString('en');
}

/** What differs, and what to do about it. */
function Kinds({ verification: { differenceKinds } }: { readonly verification: Verification }) {
  return (
    <Section title="What differs">
      <ul class="rows">
        {differenceKinds.map(({ kind, count: times, message, cure }) => (
          <li key={kind}>
            <div>
              <strong>{message}</strong>
              <p>{cure}</p>
            </div>
            <Badge tone="bad">{count(times)}</Badge>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Differences({ tenantId, id, differenceCount }: Verification) {
  const result = useVerificationResult(tenantId, id);
  return (
    <Loaded query={result} what="differences">
      {({ differences }) => (
        <Section title="Differences by place">
          {differences.length < differenceCount && (
            <Partial>
              <p>
                These are {count(differences.length)} of {count(differenceCount)}: at most 20 of a kind in
                each landing are listed.
              </p>
            </Partial>
          )}
          <DataTable
            label="Differences"
            columns={columns}
            rows={differences.map((difference, at) => ({ ...difference, at }))}
            keyOf={({ at }) => String(at)}
          />
        </Section>
      )}
    </Loaded>
  );
}

const columns: readonly Column<Difference & { readonly at: number }>[] = [
  { id: 'kind', title: 'Kind', width: '10rem', render: ({ kind }) => <code>{kind}</code> },
  {
    id: 'place',
    title: 'Place',
    width: 'minmax(10rem, 2fr)',
    render: (difference) => (
      <span>
        <Text most={120}>{placeOf(difference)}</Text>
      </span>
    ),
  },
  {
    id: 'detail',
    title: 'What was compared',
    width: 'minmax(10rem, 2fr)',
    isExtra: true,
    render: ({ detail = '' }) => (
      <span>
        <Text most={200}>{detail}</Text>
      </span>
    ),
  },
];

function placeOf({ recordId, contentId, blobName, landingId, line, table, link }: Difference): string {
  const parts = [
    ...(recordId === undefined ? [] : [`record ${recordId}`]),
    ...(table === undefined ? [] : [`index ${table}`]),
    ...(link === undefined ? [] : [`link ${link}`]),
    ...(contentId === undefined ? [] : [`content blob ${contentId}`]),
    ...(blobName === undefined ? [] : [`raw blob ${blobName}`]),
    ...(line === undefined ? [] : [`line ${line}`]),
    ...(landingId === undefined ? [] : [`landing ${landingId}`]),
  ];
  return parts.join(', ');
}
