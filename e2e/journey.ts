import {
  expect as anyExpect,
  test as base,
  type ConsoleMessage,
  type Page,
} from '@playwright/test';

/** A busy machine draws slowly; what never comes fails all the same. */
export const expect = anyExpect.configure({ timeout: 20_000 });
const TEST_MS = 120_000;

/**
 * Every journey fails when the browser complains: an error or warning on the console, an exception
 * nobody caught, or something that the content security policy refused (which is an error too).
 */
export const test = base.extend<{ readonly quiet: undefined }>({
  quiet: [
    async ({ context }, use, info) => {
      info.setTimeout(TEST_MS);
      const complaints: string[] = [];
      context.on('console', (message) => {
        if (isComplaint(message)) complaints.push(`${message.type()}: ${message.text()}`);
      });
      context.on('weberror', (error) => complaints.push(`exception: ${error.error().message}`));
      await use(undefined);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

/**
 * Refusals that a test asks for are told on the console as well: a page that is not there, manifests
 * that cannot be read, and the events of a server that a test has stopped.
 */
function isComplaint(message: ConsoleMessage): boolean {
  if (!['error', 'warning'].includes(message.type())) return false;
  if (message.location().url.endsWith('/api/events')) return false;
  return !/status of (404|422)/.test(message.text());
}

/** The card of a node on the map. Cards let the pointer through to the canvas under them. */
export function card(page: Page, id: string) {
  return page.locator(`[data-node="${id}"]`);
}

/** Clicks where the card stands, as a person does. */
export async function clickCard(page: Page, id: string): Promise<void> {
  const box = await placeOf(page, id);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a card stands on the page. */
async function placeOf(page: Page, id: string): Promise<Place> {
  const box = await card(page, id).boundingBox();
  if (box === null) throw new Error(`${id} is not drawn`);
  return box;
}

/** Every card's place, by node id. */
export async function places(page: Page): Promise<ReadonlyMap<string, Place>> {
  const found = await page.locator('[data-node]').evaluateAll((cards) =>
    cards.map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return [element.getAttribute('data-node') ?? '', { x, y, width, height }] as const;
    }),
  );
  return new Map(found);
}

/** Waits until the map is laid out; a plain arrangement may stand in its place before. */
export async function mapDrawn(page: Page): Promise<void> {
  await expect(page.locator('[data-node]').first()).toBeVisible({ timeout: 60_000 });
  const graph = page.getByRole('region', { name: 'Graph' });
  await expect(graph).toHaveAttribute('aria-busy', 'false', { timeout: 60_000 });
}
