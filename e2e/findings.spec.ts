import { expect, mapDrawn, test } from './journey.ts';

test('from the map to a finding, and a link that opens it again', async ({ page, context }) => {
  await page.goto('/c/demo');
  await mapDrawn(page);
  await page.getByRole('link', { name: /^Findings: \d+ errors/ }).click();
  await expect(page).toHaveURL(/\/c\/demo\/findings$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Findings' })).toBeVisible();

  await page.getByRole('radio', { name: /errors$/ }).click();
  await expect(page).toHaveURL(/severity=error/);
  await page.getByRole('searchbox', { name: 'Filter findings' }).fill('dns backoffice');
  const group = page.getByRole('region', { name: 'DNS is blocked' });
  await expect(group).toBeVisible();
  await expect(page.getByRole('heading', { level: 2 })).toHaveCount(1);
  await group.getByText('What to write').first().click();
  await expect(group.getByText('k8s-app: kube-dns').first()).toBeVisible();

  await group
    .getByRole('link', { name: /^Link to this finding/ })
    .first()
    .click();
  await expect(page).toHaveURL(/#PIT-DIR-7/);
  const again = await context.newPage();
  await again.goto(page.url());
  await expect(again.locator('[aria-current=location]')).toBeInViewport();
  await expect(again.getByRole('heading', { level: 2 })).toHaveCount(1);
});

test('a filter without any finding says so', async ({ page }) => {
  await page.goto('/c/demo/findings?q=nothing-like-this');
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
});

test('a workload has its own', async ({ page }) => {
  await page.goto('/c/demo/ns/backoffice/deployment/admin?tab=findings');
  await expect(page.getByRole('tab', { name: /^Findings/ })).toHaveAttribute(
    'aria-selected',
    'true',
  );
  await expect(page.getByText('DNS is blocked')).toBeVisible();
});
