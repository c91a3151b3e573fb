import type { Page } from '@playwright/test';
import { card, clickCard, expect, mapDrawn, places, test } from './journey.ts';

const API = 'shop/api[Deployment]';

function panel(page: Page) {
  return page.getByRole('complementary', { name: 'Selection' });
}

test('from the start page to an explanation, and a link that opens it again', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('/');
  await expect(page).toHaveURL(/\/c\/demo$/);
  await mapDrawn(page);

  await clickCard(page, API);
  await expect(page).toHaveURL(/sel=shop/);
  await expect(panel(page).getByRole('heading', { name: 'api' })).toBeVisible();
  await panel(page).getByRole('tab', { name: 'Egress' }).click();
  await expect(page).toHaveURL(/tab=egress/);
  await panel(page).getByRole('tab', { name: 'Ingress' }).click();
  await panel(page)
    .getByRole('link', { name: /shop\/web/ })
    .click();

  await expect(page).toHaveURL(/\/explain\?/);
  const headline = page.getByRole('heading', { level: 1 });
  await expect(headline).toContainText('web');
  await page.getByRole('button', { name: 'Copy link' }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());

  const again = await context.newPage();
  await again.goto(link);
  await expect(again.getByRole('heading', { level: 1 })).toHaveText(await headline.innerText());
});

/** Presses Tab until the focus is where it should be. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reaches ${selector}`);
}

test('the same by keyboard alone', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('/c/demo');
  await mapDrawn(page);
  await page.keyboard.press('t');
  await expect(page.getByRole('grid', { name: 'Workloads' })).toBeVisible();

  await tabTo(page, '[data-row]');
  const wanted = page.locator(`[data-row="${API}"]`);
  for (let presses = 0; presses < 100; presses++) {
    if (await wanted.evaluate((row) => row === document.activeElement)) break;
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Enter');
  await expect(wanted).toHaveAttribute('aria-selected', 'true');
  await expect(panel(page).getByRole('heading', { name: 'api' })).toBeVisible();

  await tabTo(page, 'aside [role=tab]');
  await page.keyboard.press('ArrowRight');
  await expect(page).toHaveURL(/tab=egress/);
  await page.keyboard.press('ArrowLeft');
  await tabTo(page, 'aside a[href*="explain"]');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/explain\?/);
  const headline = await page.getByRole('heading', { level: 1 }).innerText();
  expect(headline).not.toBe('');

  await expect(page.getByRole('button', { name: 'Copy link' })).toBeVisible();
  for (let presses = 0; presses < 80; presses++) {
    if (await page.evaluate(() => document.activeElement?.textContent === 'Copy link')) break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
});

test('the table says what the graph says', async ({ page, request }) => {
  await page.goto('/c/demo?view=both');
  await mapDrawn(page);
  await expect(async () => {
    const [nodes, rows] = await page.evaluate(() =>
      ['data-node', 'data-row'].map((name) =>
        [...document.querySelectorAll(`[${name}]`)].map((one) => one.getAttribute(name)).sort(),
      ),
    );
    expect(nodes?.length).toBeGreaterThan(40);
    expect(rows).toEqual(nodes);
  }).toPass();

  await page.getByRole('tab', { name: 'Connections' }).click();
  await expect(page.getByRole('grid', { name: 'Connections' })).toBeVisible();
  await expect(async () => {
    const view = await (await request.get('/api/clusters/demo/graph')).json();
    const asked: readonly string[] = view.edges.map((edge: { readonly id: string }) => edge.id);
    const shown = await page
      .locator('[data-row]')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-row')));
    expect(shown.sort()).toEqual([...asked].sort());
  }).toPass();
});

test('a filter dims the graph, shortens the table and stands in the URL', async ({ page }) => {
  await page.goto('/c/demo?view=both');
  await mapDrawn(page);
  await page.keyboard.press('/');
  await page.keyboard.type('redis');
  await expect(page).toHaveURL(/q=redis/);
  await expect(page.locator('[data-row]')).toHaveCount(1);
  await expect(card(page, 'data/redis[StatefulSet]')).toHaveAttribute('data-state', 'lit');
  await expect(card(page, 'payments/fraud[Deployment]')).toHaveAttribute('data-state', 'plain');

  await page.keyboard.type('-nowhere');
  await expect(page.getByText('Nothing matches “redis-nowhere”')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/q=/);
});

test('back and forward go through selections', async ({ page }) => {
  await page.goto('/c/demo/ns/shop');
  await mapDrawn(page);
  await clickCard(page, API);
  await expect(panel(page)).toBeVisible();
  await page.goBack();
  await expect(panel(page)).toBeHidden();
  await page.goForward();
  await expect(panel(page).getByRole('heading', { name: 'api' })).toBeVisible();
  await page.locator('body').press('Escape');
  await expect(panel(page)).toBeHidden();
});

test('namespaces open and close, by mouse and in the table', async ({ page }) => {
  await page.goto('/c/demo');
  await mapDrawn(page);
  await page.getByRole('button', { name: 'Collapse all' }).click();
  await expect(card(page, API)).toHaveCount(0);
  await expect(async () => {
    const box = await card(page, 'ns:shop').boundingBox();
    expect(box).not.toBeNull();
    if (box) await page.mouse.dblclick(box.x + box.width / 2, box.y + box.height / 2);
    await expect(card(page, API)).toBeVisible({ timeout: 2000 });
  }).toPass();
  await expect(page).toHaveURL(/expanded=shop/);

  await page.getByRole('radio', { name: 'Table' }).click();
  const shop = page.locator('[data-row="ns:shop"]');
  await shop.focus();
  await shop.press('ArrowLeft');
  await expect(page.locator(`[data-row="${API}"]`)).toHaveCount(0);
  await shop.press('ArrowRight');
  await expect(page.locator(`[data-row="${API}"]`)).toBeVisible();
});

test('default-open traffic and DNS are counted, and drawn when asked for', async ({ page }) => {
  await page.goto('/c/demo?view=table&rows=edges');
  await expect(page.locator('[data-row]').first()).toBeVisible();
  // Of many rows only those in sight are in the page; the grid says how many there are.
  const grid = page.getByRole('grid', { name: 'Connections' });
  const rows = async () => Number(await grid.getAttribute('aria-rowcount'));
  const before = await rows();
  await page.getByRole('switch', { name: /Default-open/ }).click();
  await expect(page).toHaveURL(/open=true/);
  await expect.poll(rows).toBeGreaterThan(before + 50);
});

test('search finds a workload and shows it in its namespace', async ({ page }) => {
  await page.goto('/c/demo');
  await mapDrawn(page);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('card-vault');
  await expect(page.getByRole('option', { name: /card-vault/ }).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/ns\/payments\?sel=/);
  await expect(panel(page).getByRole('heading', { name: 'card-vault' })).toBeVisible();
});

test('the same map looks the same every time', async ({ page }) => {
  await page.goto('/c/demo/ns/shop');
  await mapDrawn(page);
  const first = await places(page);
  await page.reload();
  await mapDrawn(page);
  await expect.poll(() => places(page)).toEqual(first);
});

test('a layout that comes late stands where it will stay at once', async ({ page }) => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.context().route(/worker/, async (route) => {
    await released;
    await route.continue();
  });
  await page.goto('/c/demo');
  await expect(page.getByText('Arranging the map')).toBeVisible();
  const graph = page.getByRole('region', { name: 'Graph' });
  const atOnce = graph.evaluate(
    (region, id) =>
      new Promise<readonly number[]>((resolve) => {
        new MutationObserver(() => {
          const { x, y, width } =
            document.querySelector(`[data-node="${id}"]`)?.getBoundingClientRect() ?? new DOMRect();
          if (region.getAttribute('aria-busy') === 'false') resolve([x, y, width]);
        }).observe(region, { attributes: true });
      }),
    API,
  );
  release();
  const [x, y, width] = await atOnce;
  // Longer than the camera ever glides.
  await page.waitForTimeout(500);
  expect((await places(page)).get(API)).toMatchObject({ x, y, width });
});

test('the table is saved as CSV', async ({ page }) => {
  await page.goto('/c/demo?view=table');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV' }).click();
  expect((await download).suggestedFilename()).toBe('sightline-demo-nodes.csv');
});
