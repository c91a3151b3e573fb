import type { ElementDefinition } from 'cytoscape';
import cytoscape, { type Core, type EventObject } from 'cytoscape';
import { around, type Box } from './geometry.ts';
import { stylesheet } from './stylesheet.ts';
import type { GraphTheme } from './theme.ts';

/** The drawing surface: Cytoscape with only what the picture needs, under one small interface. */

export interface CanvasEvents {
  readonly onHover: (id: string | null) => void;
  /** The pointer was pressed on it, and may be about to select it. */
  readonly onPress: (id: string) => void;
  readonly onSelect: (id: string | null) => void;
  readonly onOpen: (id: string) => void;
  /** The camera: where the graph's origin stands on the page, and how large a unit is. */
  readonly onCamera: (pan: { readonly x: number; readonly y: number }, zoom: number) => void;
}

const MIN_ZOOM = 0.04;
const MAX_ZOOM = 2;
/** Fitting never enlarges beyond this: few nodes shall not fill a wall. */
const MAX_FIT_ZOOM = 1.15;
const MARGIN = 44;
const GLIDE_MS = 180;

export class Canvas {
  readonly #cy: Core;
  /** What was drawn last, by id, to touch only what differs. */
  #drawn = new Map<string, string>();
  /** Whether a person moved the camera since it was last fitted. */
  #moved = false;

  constructor(container: HTMLElement, events: CanvasEvents) {
    this.#cy = cytoscape({
      container,
      minZoom: MIN_ZOOM,
      maxZoom: MAX_ZOOM,
      boxSelectionEnabled: false,
      autoungrabify: true,
      autounselectify: true,
    });
    const cy = this.#cy;
    const idOf = (event: EventObject): string | null =>
      event.target === cy ? null : String(event.target.id());
    cy.on('tapstart', 'node', (event) => events.onPress(String(event.target.id())));
    cy.on('tap', (event) => events.onSelect(idOf(event)));
    cy.on('dbltap', 'node', (event) => events.onOpen(String(event.target.id())));
    cy.on('mouseover', 'node, edge', (event) => events.onHover(idOf(event)));
    cy.on('mouseout', 'node, edge', () => events.onHover(null));
    cy.on('viewport', () => events.onCamera(cy.pan(), cy.zoom()));
    cy.on('dragpan scrollzoom pinchzoom', () => {
      this.#moved = true;
    });
  }

  get moved(): boolean {
    return this.#moved;
  }

  destroy(): void {
    this.#cy.destroy();
  }

  paint(theme: GraphTheme): void {
    this.#cy.style(stylesheet(theme));
  }

  /** Draws these elements and no others; those that are the same stay untouched. */
  draw(elements: readonly ElementDefinition[]): void {
    const next = new Map(elements.map((element) => [String(element.data.id), element]));
    const texts = new Map([...next].map(([id, element]) => [id, JSON.stringify(element)]));
    const cy = this.#cy;
    cy.batch(() => {
      for (const [id, text] of this.#drawn) {
        if (texts.get(id) !== text) cy.getElementById(id).remove();
      }
      // Removing a node removes its edges too, so what is missing now is what must be added.
      const missing = [...next.values()].filter(({ data }) =>
        cy.getElementById(String(data.id)).empty(),
      );
      // All at once, which is far cheaper than one by one; ends before the edges between them.
      cy.add(
        missing
          .toSorted((a, b) => Number(a.group === 'edges') - Number(b.group === 'edges'))
          .map((element) => ({ ...element, pannable: true })),
      );
    });
    this.#drawn = texts;
  }

  /** Follows a container that changed its size. */
  resize(): void {
    this.#cy.resize();
  }

  /** Shows all of these boxes. */
  fit(boxes: Iterable<Box>, glide: boolean): void {
    const all = around(boxes);
    if (all === null || this.#cy.width() === 0) return;
    this.#moved = false;
    const margin = Math.min(MARGIN, this.#cy.width() / 20);
    const width = this.#cy.width() - 2 * margin;
    const height = this.#cy.height() - 2 * margin;
    const room = Math.min(width / all.width, height / all.height);
    const zoom = Math.max(MIN_ZOOM, Math.min(MAX_FIT_ZOOM, room));
    this.#moveTo(
      {
        x: this.#cy.width() / 2 - (all.x + all.width / 2) * zoom,
        y: this.#cy.height() / 2 - (all.y + all.height / 2) * zoom,
      },
      zoom,
      glide,
    );
  }

  /** Brings a box into sight with the least movement; nothing happens when it is. */
  reveal(box: Box, glide: boolean): void {
    const zoom = this.#cy.zoom();
    const pan = this.#cy.pan();
    const shift = (from: number, length: number, room: number) => {
      const last = room - MARGIN - length;
      return from < MARGIN ? MARGIN - from : from > last ? Math.min(last, room - MARGIN) - from : 0;
    };
    const dx = shift(box.x * zoom + pan.x, box.width * zoom, this.#cy.width());
    const dy = shift(box.y * zoom + pan.y, box.height * zoom, this.#cy.height());
    if (dx !== 0 || dy !== 0) this.#moveTo({ x: pan.x + dx, y: pan.y + dy }, zoom, glide);
  }

  /** Moves so that `after` stands on the page where `before` stood. */
  anchor(before: Box, after: Box): void {
    const zoom = this.#cy.zoom();
    this.#cy.panBy({ x: (before.x - after.x) * zoom, y: (before.y - after.y) * zoom });
  }

  zoomBy(factor: number, glide: boolean): void {
    this.#moved = true;
    const zoom = Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, this.#cy.zoom() * factor));
    const middle = { x: this.#cy.width() / 2, y: this.#cy.height() / 2 };
    const { x, y } = this.#cy.pan();
    const ratio = zoom / this.#cy.zoom();
    const pan = { x: middle.x - (middle.x - x) * ratio, y: middle.y - (middle.y - y) * ratio };
    this.#moveTo(pan, zoom, glide);
  }

  panBy(x: number, y: number): void {
    this.#moved = true;
    this.#cy.panBy({ x, y });
  }

  #moveTo(pan: { x: number; y: number }, zoom: number, glide: boolean): void {
    this.#cy.stop();
    if (glide) this.#cy.animate({ pan, zoom, duration: GLIDE_MS, easing: 'ease-out-cubic' });
    else this.#cy.viewport({ pan, zoom });
  }
}
