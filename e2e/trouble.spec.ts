import { kubeConfigText, TemporaryDirectory } from '#lib/testing/fake-kubeconfig.ts';
import { expect, mapDrawn, test } from './journey.ts';
import { addPod, kubeConfigOf, OwnServer, ownCluster, permit, runPlugin } from './own-server.ts';

test('an API server that does not answer: the page says so, retries, and offers the demo', async ({
  page,
}) => {
  using directory = new TemporaryDirectory();
  const file = directory.write('config', kubeConfigText({ server: 'https://127.0.0.1:9' }));
  await using server = await OwnServer.start('--kubeconfig', file);
  await page.goto(server.url);
  await expect(page.getByRole('heading', { name: 'Cannot reach test' })).toBeVisible();
  await expect(page.getByText(/ECONNREFUSED\. Retrying, attempt [2-9]/)).toBeVisible();
  await page.getByRole('link', { name: 'Look at the demo meanwhile' }).click();
  await expect(page).toHaveURL(/\/c\/demo$/);
  await mapDrawn(page);
});

test('policies that may not be read make everything unknown, and the page says which grant is missing', async ({
  page,
}) => {
  await using cluster = await ownCluster();
  addPod(cluster, 'shop', 'web');
  addPod(cluster, 'shop', 'api');
  cluster.server.intercept(({ resource }) =>
    resource === 'networkpolicies.networking.k8s.io'
      ? { kind: 'status', code: 403, reason: 'Forbidden', message: 'viewer cannot list them' }
      : null,
  );
  await using server = await OwnServer.start('--kubeconfig', kubeConfigOf(cluster));
  await page.goto(server.page('/c/test?view=table&rows=edges&open=true'));
  await expect(
    page.getByText('may not be read: verdicts that it may decide are unknown'),
  ).toBeVisible();
  await expect(page.locator('[data-row]').first()).toContainText('unknown');
  await expect(page.getByText('allowed', { exact: true })).toHaveCount(0);
  await page.getByRole('button', { name: /^Data:/ }).click();
  await expect(page.getByRole('list', { name: 'Resources' })).toContainText('forbidden');
  // The layout's worker may still be loading, and the server stops with this test.
  await page.close();
});

test('a plugin that enforces nothing: every page says so and by what it is known, until another runs', async ({
  page,
}) => {
  await using cluster = await ownCluster();
  addPod(cluster, 'shop', 'web');
  addPod(cluster, 'shop', 'api');
  permit(cluster, 'shop', 'web', 'api');
  runPlugin(cluster, 'kube-flannel', 'ghcr.io/flannel-io/flannel:v0.27.4');
  await using server = await OwnServer.start('--kubeconfig', kubeConfigOf(cluster));
  await page.goto(server.page('/c/test?view=table'));
  const banner = page.getByText('Flannel does not enforce NetworkPolicy here');
  await expect(banner).toBeVisible();
  await page.getByRole('button', { name: 'How is that known?' }).click();
  const evidence = page.getByRole('dialog', { name: 'Network plugin' });
  await expect(evidence).toContainText('DaemonSet kube-system/network runs kube-flannel 0.27.4.');
  await page.keyboard.press('Escape');
  runPlugin(cluster, 'calico-node', 'quay.io/calico/node:v3.31.2');
  await expect(banner).toBeHidden();
  await page.getByRole('button', { name: /^Data:/ }).click();
  await page.getByText('Network plugin: Calico 3.31.2').click();
  await expect(page.getByText('DaemonSet kube-system/network runs calico-node')).toBeVisible();
  // The layout's worker may still be loading, and the server stops with this test.
  await page.close();
});

test('a cluster without pods', async ({ page }) => {
  await using cluster = await ownCluster();
  await using server = await OwnServer.start('--kubeconfig', kubeConfigOf(cluster));
  await page.goto(server.page('/c/test'));
  await expect(page.getByRole('heading', { name: 'This cluster has no pods' })).toBeVisible();
  // The layout's worker may still be loading, and the server stops with this test.
  await page.close();
});

test('addresses that lead nowhere', async ({ page }) => {
  for (const path of ['/c/nowhere', '/nothing/here']) {
    const response = await page.goto(path);
    expect(response?.status()).toBe(404);
    await expect(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
  }
  await page.goto('/c/demo/ns/nowhere');
  await expect(page.getByRole('heading', { name: 'This is not in the cluster' })).toBeVisible();
});

const POD = `
apiVersion: v1
kind: Pod
metadata: { name: lonely, namespace: shop }
spec: { containers: [{ name: main, image: nginx }] }
`;

test('manifests of one’s own become a cluster', async ({ page }) => {
  await page.goto('/c/demo');
  await page.getByRole('button', { name: /switch cluster/ }).click();
  await page.getByRole('menuitem', { name: 'Open manifests…' }).click();
  const files = page.locator('input[type=file]');
  await files.setInputFiles({
    name: 'broken.yaml',
    mimeType: 'application/yaml',
    buffer: Buffer.from('a: [\n'),
  });
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('error');
  await files.setInputFiles({
    name: 'pod.yaml',
    mimeType: 'application/yaml',
    buffer: Buffer.from(POD),
  });
  await expect(page).toHaveURL(/\/c\/upload-/);
  await expect(page.locator('[data-node="shop/lonely[Pod]"]')).toBeVisible();
});
