/** Puts the chosen theme on the document; `system` leaves it to the operating system. */
export type Theme = 'system' | 'dark' | 'light';

export function applyTheme(root: HTMLElement, theme: Theme): void {
  if (theme === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = theme;
}
