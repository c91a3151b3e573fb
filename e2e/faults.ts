import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

export type Theme = 'light' | 'dark';

/** What axe finds wrong with a page: rules, with the elements that break them. */
export async function faults(page: Page, theme: Theme) {
  // What still fades in has less contrast than what stands there a moment later.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const axe = new AxeBuilder({ page });
  // Only colours differ between the themes: the other rules are asked once.
  const { violations } = await (theme === 'dark' ? axe.withRules('color-contrast') : axe).analyze();
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}
