import type { CDPSession, Page } from '@playwright/test';
import { faults } from './faults.ts';
import { card, clickCard, expect, mapDrawn, test } from './journey.ts';
import {
  CROWD,
  CROWD_WORKLOADS,
  largeCluster,
  NAMESPACES,
  namespaceName,
} from './large-cluster.ts';
import { OwnServer } from './own-server.ts';

/** What a page may weigh, whatever the cluster; CPU time, because the machine may be busy. */
const MOST = { elements: 12_000, heapMegabytes: 300, cpuSeconds: 20 } as const;

async function watch(page: Page): Promise<CDPSession> {
  await page.addInitScript(() => {
    const tasks: number[] = [];
    Object.assign(globalThis, { longTasks: tasks });
    new PerformanceObserver((list) => {
      tasks.push(...list.getEntries().map(({ duration }) => duration));
    }).observe({ type: 'longtask', buffered: true });
  });
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return session;
}

/** Says what the page weighs in the report, and fails when it is too much. */
async function weigh(page: Page, session: CDPSession, where: string): Promise<void> {
  const { metrics } = await session.send('Performance.getMetrics');
  const metric = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? 0;
  const found = {
    elements: await page.locator('*').count(),
    heapMegabytes: Math.round(metric('JSHeapUsedSize') / 1e6),
    cpuSeconds: Math.round(metric('TaskDuration') * 10) / 10,
  };
  // By the clock, and so a matter of what else runs: only reported.
  const longest = await page.evaluate(() => {
    const { longTasks } = globalThis as unknown as { readonly longTasks: readonly number[] };
    return Math.round(Math.max(0, ...longTasks));
  });
  const description = JSON.stringify({ ...found, longestTaskMs: longest });
  test.info().annotations.push({ type: where, description });
  for (const [what, most] of Object.entries(MOST))
    expect(found[what as keyof typeof MOST], `${what}, ${where}`).toBeLessThan(most);
}

function panel(page: Page) {
  return page.getByRole('complementary', { name: 'Selection' });
}

test('a cluster that no picture draws one by one is browsed', async ({ page }) => {
  test.slow();
  await using cluster = await largeCluster();
  await using server = await OwnServer.start('--manifests', cluster.folder);
  const session = await watch(page);

  await test.step('the map draws a part, and says so', async () => {
    await page.goto(server.page('/c/large'));
    await mapDrawn(page);
    await expect(page.getByText(/of 1,501 namespaces drawn/)).toBeVisible();
    await expect(card(page, 'rest:namespaces')).toBeVisible();
    await weigh(page, session, 'the map');
  });

  await test.step('the table has all of them, and a filter finds one', async () => {
    await page.getByRole('button', { name: 'Open the table' }).click();
    const grid = page.getByRole('grid', { name: 'All namespaces' });
    await expect(grid).toHaveAttribute('aria-rowcount', String(NAMESPACES + 2));
    const first = page.locator('[data-row]').first();
    await first.focus();
    for (let i = 0; i < 12; i++) await page.keyboard.press('PageDown');
    await expect(page.locator(':focus')).toHaveAttribute('data-row', /^ns:team-/);
    expect(await page.locator('[data-row]').count()).toBeLessThan(250);
    await weigh(page, session, 'the table');
    expect(await faults(page, 'light')).toEqual([]);
    await page.keyboard.press('/');
    await page.keyboard.type('777');
    await expect(page.locator('[data-row]')).toHaveCount(1);
    await page.getByRole('link', { name: namespaceName(777) }).click();
    await expect(page).toHaveURL(new RegExp(`/ns/${namespaceName(777)}`));
    await mapDrawn(page);
    await clickCard(page, `${namespaceName(777)}/api[Deployment]`);
    await expect(panel(page).getByRole('heading', { name: 'api' })).toBeVisible();
  });

  await test.step('the search finds any workload', async () => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type(`${namespaceName(1234)} db`);
    await expect(page.getByRole('option', { name: /db/ }).first()).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(new RegExp(`/ns/${namespaceName(1234)}\\?sel=`));
    await expect(panel(page).getByRole('heading', { name: 'db' })).toBeVisible();
  });

  await test.step('a namespace of many workloads is drawn in part, and listed in whole', async () => {
    await page.goto(server.page(`/c/large/ns/${CROWD}`));
    await mapDrawn(page);
    await expect(page.getByText(/of 900 workloads drawn/)).toBeVisible();
    await weigh(page, session, 'the crowd');
    await page.getByRole('radio', { name: 'Table' }).click();
    const grid = page.getByRole('grid', { name: 'All workloads' });
    await expect(grid).toHaveAttribute('aria-rowcount', String(CROWD_WORKLOADS + 1));
    await page.locator('[data-row]').nth(2).click();
    await expect(panel(page).getByRole('heading').first()).toContainText('member-');
    await weigh(page, session, 'the crowd, as a table');
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await faults(page, 'dark')).toEqual([]);
  });
});
