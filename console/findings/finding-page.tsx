import { useRoute } from 'preact-iso';
import { Badge } from '../parts/badge.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Message } from '../parts/message.tsx';
import { Moment } from '../parts/moment.tsx';
import { Section } from '../parts/section.tsx';
import { Text } from '../parts/text.tsx';
import { memberNamed, titleOfMember } from '../search/member-titles.ts';
import { PivotLink } from '../search/pivot-link.tsx';
import { pivotOfMember } from '../search/pivots.ts';
import { useRefusal } from '../session/use-permissions.ts';
import { Page } from '../shell/page.tsx';
import { Fact } from '../tenants/overview-tab.tsx';
import { FindingDecision } from './finding-decision.tsx';
import { aroundFinding, recordAddress } from './finding-address.ts';
import { recordsText, severityTexts, type Finding } from './finding-texts.ts';
import { useFinding } from './queries.ts';
import { RuleCredits } from './rule-credits.tsx';

/** One finding: what happened, what to do, what people made of it, and the records behind it. */
export function FindingPage() {
  const { tenantId = '', findingId = '' } = useRoute().params;
  const finding = useFinding(tenantId, findingId);
  return (
    <Page
      title={finding.data?.rule.title ?? 'Finding'}
      above={[{ href: '/console/findings', text: 'Findings' }]}
    >
      <Loaded query={finding} what="finding">
        {(one) => (
          <>
            <What finding={one} />
            <FindingDecision finding={one} />
            <Records finding={one} />
            <RuleCredits rule={one.rule} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function What({ finding }: { readonly finding: Finding }) {
  const { severity, sentence, rule, notification } = finding;
  const { tone, text } = severityTexts[severity];
  return (
    <Section title="What happened" side={<Badge tone={tone}>{text}</Badge>}>
      <p class="sentence">
        <Text most={1000}>{sentence}</Text>
      </p>
      {rule.nextSteps !== '' && (
        <p>
          <strong>What to do:</strong> <Text most={1000}>{rule.nextSteps}</Text>
        </p>
      )}
      <Facts finding={finding} />
      {notification === 'tooOld' && (
        <Message tone="info" title="Channels were not notified">
          <p>The records are imported, or were older than eight days when they arrived.</p>
        </Message>
      )}
    </Section>
  );
}

function Facts({ finding }: { readonly finding: Finding }) {
  const { tenantId, tenantDisplayName, group, watchId } = finding;
  const noWatches = useRefusal('ListWatches');
  return (
    <dl class="facts">
      <Fact name="Tenant">
        <a href={`/console/tenants/${tenantId}`}>
          <Text most={100}>{tenantDisplayName}</Text>
        </a>
      </Fact>
      {group.map(({ member, value }) => (
        <Fact key={member} name={titleOfMember(member)}>
          {value === '' ? 'None' : <Text most={200}>{value}</Text>}{' '}
          <PivotLink href={pivotOf(finding, member, value)} value={value} />
        </Fact>
      ))}
      <Fact name="First record">
        <Moment at={finding.firstDateTime} />
      </Fact>
      <Fact name="Last record">
        <Moment at={finding.lastDateTime} />
      </Fact>
      <Fact name="Found">
        <Moment at={finding.createdDateTime} />
        {noWatches === undefined && (
          <>
            {' by '}
            <a href={`/console/watches/${watchId}`}>this watch</a>
          </>
        )}
      </Fact>
    </dl>
  );
}

/** The search for what the records share; rules may also group by what no filter finds. */
function pivotOf(finding: Finding, name: string, value: string): string | undefined {
  const member = memberNamed(name);
  return member && pivotOfMember(aroundFinding(finding), finding.tenantId, member, value);
}

function Records({ finding }: { readonly finding: Finding }) {
  return (
    <Section title="Records" side={<span class="fine">{recordsText(finding)}</span>}>
      {!finding.countIsExact && (
        <p class="fine">There were too many to know each: one that is delivered again is counted again.</p>
      )}
      <ul class="rows">
        {finding.records.map(({ id, createdDateTime, sentence }) => (
          <li key={id}>
            <div>
              <a href={recordAddress(finding, id)}>
                <Text most={300}>{sentence}</Text>
              </a>
            </div>
            <span class="fine">
              <Moment at={createdDateTime} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
