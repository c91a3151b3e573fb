import { faults } from './faults.ts';
import { expect, test } from './journey.ts';

const SCREENS = [
  { name: 'the map', path: '/c/demo', ready: '[data-node]' },
  {
    name: 'the map with a workload',
    path: '/c/demo/ns/shop?sel=shop/api[Deployment]',
    ready: 'aside [role=tab]',
  },
  {
    name: 'the map with an edge',
    path: '/c/demo?expanded=&sel=ns:orders>ns:payments',
    ready: 'aside table',
  },
  { name: 'the map with a namespace', path: '/c/demo?sel=ns:staging', ready: 'aside h2' },
  { name: 'the table of workloads', path: '/c/demo?view=table', ready: '[data-row]' },
  { name: 'the table of connections', path: '/c/demo?view=both&rows=edges', ready: '[data-row]' },
  { name: 'a workload', path: '/c/demo/ns/orders/deployment/inventory', ready: '[role=tab]' },
  {
    name: 'an explanation',
    path: '/c/demo/explain?from=shop/catalog&to=orders/inventory&port=8080',
    ready: 'main h1',
  },
  { name: 'a question not asked yet', path: '/c/demo/explain', ready: 'main h1' },
  { name: 'the findings', path: '/c/demo/findings', ready: 'main h2' },
  {
    name: 'the findings of a workload',
    path: '/c/demo/ns/backoffice/deployment/admin?tab=findings',
    ready: '[role=tabpanel] li',
  },
  { name: 'nothing', path: '/c/nowhere', ready: 'h1' },
] as const;

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    for (const { name, path, ready } of SCREENS) {
      test(`${name} has no accessibility faults`, async ({ page }) => {
        await page.goto(path);
        await expect(page.locator(ready).first()).toBeVisible({ timeout: 60_000 });
        expect(await faults(page, colorScheme)).toEqual([]);
      });
    }

    test('the dialogs have no accessibility faults', async ({ page }) => {
      await page.goto('/c/demo?view=table');
      await expect(page.locator('[data-row]').first()).toBeVisible();
      await page.getByRole('button', { name: /^Data:/ }).click();
      await expect(page.getByRole('list', { name: 'Resources' })).toBeVisible();
      expect(await faults(page, colorScheme)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      await page.keyboard.type('led');
      await expect(page.getByRole('option').first()).toBeVisible();
      expect(await faults(page, colorScheme)).toEqual([]);
    });
  });
}
