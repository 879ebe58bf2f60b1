import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

interface MessageProps {
  readonly tone: 'info' | 'good' | 'warning' | 'bad';
  readonly title: string;
  readonly children?: ComponentChildren;
  readonly action?: ComponentChildren;
}

const icons: Readonly<Record<MessageProps['tone'], IconName>> = {
  info: 'info',
  good: 'check',
  warning: 'warning',
  bad: 'error',
};

/** Something to know in the context of a view: it stays where it is. */
export function Message({ tone, title, children, action }: MessageProps) {
  return (
    <div class={`message ${tone}`} role={tone === 'bad' ? 'alert' : 'note'}>
      <Icon name={icons[tone]} />
      <div class="message-text">
        <strong>{title}</strong>
        {children}
      </div>
      {action}
    </div>
  );
}
