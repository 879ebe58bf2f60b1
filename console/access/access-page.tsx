import { UrlTabs, type UrlTab } from '../parts/url-tabs.tsx';
import { useRefusal } from '../session/use-permissions.ts';
import { Page } from '../shell/page.tsx';
import { KeysTab } from './keys-tab.tsx';
import { LogTab } from './log-tab.tsx';

const keys: UrlTab = { id: 'keys', text: 'Client keys', content: () => <KeysTab /> };
const log: UrlTab = { id: 'log', text: 'Access log', content: () => <LogTab /> };

/** Who may call, and who called: what of it the session may see. */
export function AccessPage() {
  const [noKeys, noNewKey, noLog] = [
    useRefusal('ListKeys'),
    useRefusal('CreateKey'),
    useRefusal('ListAccessLog'),
  ];
  const [first = keys, ...rest] = [
    noKeys === undefined ? [keys] : [],
    noLog === undefined ? [log] : [],
  ].flat();
  return (
    <Page
      title="Access"
      about="Who may call this app, and who called what."
      actions={
        noNewKey === undefined && (
          <a class="button primary" href="/console/access/keys/new">
            Create a key
          </a>
        )
      }
    >
      <UrlTabs label="Access" tabs={[first, ...rest]} />
    </Page>
  );
}
