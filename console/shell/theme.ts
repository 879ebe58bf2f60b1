/** Light or dark: as the system says, unless its user chose. */

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const slot = 'auditkeep.theme';

export function chosenTheme(): Theme {
  const stored = localStorage.getItem(slot);
  return themes.find((theme) => theme === stored) ?? 'system';
}

/** Applies a choice, and remembers it in this browser. */
export function chooseTheme(theme: Theme): void {
  localStorage.setItem(slot, theme);
  applyTheme(theme);
}

export function applyTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
}
