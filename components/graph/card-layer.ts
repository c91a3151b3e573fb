import type { Point } from './geometry.ts';

/** Below these zooms the small print of cards cannot be read, then their names, and they go. */
const FAR_ZOOM = 0.52;
const DISTANT_ZOOM = 0.14;

/** Whether the small print of cards can be read. */
export function isNear(zoom: number): boolean {
  return zoom >= FAR_ZOOM;
}

/** A camera that did not move for so long stands still. */
const REST_MS = 140;
/** While it moves, what was painted is enlarged or reduced up to so much before it is painted anew. */
const STRETCH = 1.9;

/**
 * The layer of cards, as the camera moves it. While it moves the browser keeps the layer's pixels and
 * only shifts and stretches them; at rest it paints them in their own size, sharp.
 */
export class CardLayer {
  readonly #element: () => HTMLElement | null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #painted = 0;

  constructor(element: () => HTMLElement | null) {
    this.#element = element;
  }

  move({ x, y }: Point, zoom: number): void {
    const layer = this.#element();
    if (layer === null) return;
    layer.style.transform = `translate(${x}px, ${y}px) scale(${zoom})`;
    const distance = zoom < DISTANT_ZOOM ? 'distant' : isNear(zoom) ? 'near' : 'far';
    if (layer.dataset.distance !== distance) layer.dataset.distance = distance;
    const stretched = zoom / this.#painted;
    if (stretched > STRETCH || stretched < 1 / STRETCH) {
      layer.style.willChange = '';
      this.#painted = zoom;
    } else layer.style.willChange = 'transform';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      layer.style.willChange = '';
      this.#painted = zoom;
    }, REST_MS);
  }

  /** Forgets a movement that has not come to rest. */
  rest(): void {
    clearTimeout(this.#timer);
  }
}
