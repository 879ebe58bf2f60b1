import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';
import type { Tone } from './tone.ts';

const icons: Readonly<Record<Tone, IconName>> = {
  good: 'check',
  warning: 'warning',
  bad: 'error',
  neutral: 'none',
  busy: 'clock',
};

/** A state in a few words; its shape says as much as its color. */
export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }) {
  return (
    <span class={`badge ${tone}`}>
      <Icon name={icons[tone]} />
      <span>{children}</span>
    </span>
  );
}
