import { card, expect, mapDrawn, places, test } from './journey.ts';
import { addPod, kubeConfigOf, OwnServer, ownCluster, permit, removePod } from './own-server.ts';

test('a live cluster changes without moving what stands', async ({ page }) => {
  await using cluster = await ownCluster();
  for (const name of ['web', 'api', 'db']) addPod(cluster, 'shop', name);
  permit(cluster, 'shop', 'web', 'api');
  permit(cluster, 'shop', 'api', 'db');
  await using server = await OwnServer.start('--kubeconfig', kubeConfigOf(cluster));
  await page.goto(server.page('/c/test'));
  await mapDrawn(page);
  await expect(page.getByRole('button', { name: 'Data: Live' })).toBeVisible();
  const before = await places(page);

  addPod(cluster, 'shop', 'cache');
  permit(cluster, 'shop', 'api', 'cache');
  await expect(card(page, 'shop/cache[Pod]')).toBeVisible();
  await expect(page.getByText('Layout is out of date')).toBeVisible();
  const after = await places(page);
  for (const name of ['web', 'api', 'db']) {
    expect(after.get(`shop/${name}[Pod]`)).toEqual(before.get(`shop/${name}[Pod]`));
  }

  removePod(cluster, 'shop', 'db');
  await expect(card(page, 'shop/db[Pod]')).toHaveCount(0);
  addPod(cluster, 'shop', 'db');
  await expect(card(page, 'shop/db[Pod]')).toBeVisible();
  expect((await places(page)).get('shop/db[Pod]')).toEqual(before.get('shop/db[Pod]'));

  await page.getByRole('button', { name: 'Re-arrange' }).click();
  await expect(page.getByText('Layout is out of date')).toBeHidden();
  // Before its server, for which it would otherwise look again.
  await page.close();
});

test('changes of the map are told, and not read again', async ({ page }) => {
  await using cluster = await ownCluster();
  addPod(cluster, 'shop', 'web');
  await using server = await OwnServer.start('--kubeconfig', kubeConfigOf(cluster));
  const followed = page.waitForRequest(/\/api\/events\?view=/);
  await page.goto(server.page('/c/test'));
  await mapDrawn(page);
  await followed;
  const reads: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/graph')) reads.push(request.url());
  });
  for (const name of ['api', 'db', 'cache']) {
    addPod(cluster, 'shop', name);
    await expect(card(page, `shop/${name}[Pod]`)).toBeVisible();
  }
  // One may have been read before the stream said which graph it is now.
  expect(reads.length).toBeLessThan(2);
  // Before its server, for which it would otherwise look again.
  await page.close();
});

test('an API server that goes away and comes back', async ({ page }) => {
  await using cluster = await ownCluster();
  addPod(cluster, 'shop', 'web');
  await using server = await OwnServer.start('--kubeconfig', kubeConfigOf(cluster));
  await page.goto(server.page('/c/test'));
  await mapDrawn(page);
  await cluster.server.close();
  await expect(page.getByText('the last state read is shown')).toBeVisible({ timeout: 60_000 });
  await expect(card(page, 'shop/web[Pod]')).toBeVisible();
  addPod(cluster, 'shop', 'late');
  await cluster.server.open();
  await expect(card(page, 'shop/late[Pod]')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('the last state read is shown')).toBeHidden();
  // Before its server, for which it would otherwise look again.
  await page.close();
});
