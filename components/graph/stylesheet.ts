import type { Css, StylesheetJsonBlock } from 'cytoscape';
import type { GraphTheme } from './theme.ts';

/** Cytoscape's types know neither `endpoints` nor that lists may come from the data. */
const BENT = {
  'curve-style': 'round-segments',
  'edge-distances': 'endpoints',
  'segment-weights': 'data(weights)',
  'segment-distances': 'data(distances)',
  'segment-radii': 'data(radii)',
} as unknown as Css.Edge;

/**
 * How the canvas draws. Cards are HTML above it (see node-card.tsx), so their nodes are invisible
 * here and only catch the pointer; frames and edges are drawn. What stands out is drawn above as well
 * (see lit-edges.tsx): pointing at things never draws the canvas anew.
 */
export function stylesheet(theme: GraphTheme): StylesheetJsonBlock[] {
  return [
    {
      selector: 'node',
      style: {
        shape: 'round-rectangle',
        width: 'data(width)',
        height: 'data(height)',
        'background-opacity': 0,
        'border-width': 0,
        'overlay-opacity': 0,
        'z-index-compare': 'manual',
        'z-index': 3,
      },
    },
    {
      selector: 'node[kind = "frame"]',
      style: {
        'corner-radius': '14',
        'background-color': theme.frame,
        'background-opacity': 1,
        'border-width': 1,
        'border-color': theme.frameLine,
        'z-index': 0,
      },
    },
    {
      selector: 'edge',
      style: {
        width: 'data(width)',
        'line-color': theme.edge,
        'target-arrow-color': theme.edge,
        'target-arrow-shape': 'triangle',
        'arrow-scale': 0.85,
        'overlay-opacity': 0,
        'curve-style': 'straight',
        'z-index-compare': 'manual',
        'z-index': 1,
      },
    },
    {
      selector: 'edge[sourceEnd]',
      style: {
        'source-endpoint': 'data(sourceEnd)',
        'target-endpoint': 'data(targetEnd)',
      },
    },
    { selector: 'edge[course = "bent"]', style: BENT },
    {
      // From frame to frame behind everything: there for the pointer and the eye, but quiet.
      selector: 'edge[course = "across"]',
      style: {
        width: 1,
        'line-color': theme.quietEdge,
        'target-arrow-color': theme.quietEdge,
        'arrow-scale': 0.7,
      },
    },
    {
      selector: 'edge[basis != "rules"]',
      style: {
        'line-color': theme.quietEdge,
        'target-arrow-color': theme.quietEdge,
        'line-style': 'dotted',
      },
    },
    {
      selector: 'edge[verdict = "unknown"]',
      style: {
        'line-color': theme.unknownEdge,
        'target-arrow-color': theme.unknownEdge,
        'target-arrow-fill': 'hollow',
        'line-style': 'dashed',
        'line-dash-pattern': [6, 4],
      },
    },
    // What gathers the rest is tied to nearly everything, which says little until one points at it.
    { selector: 'edge[?toRest][course = "across"]', style: { opacity: 0.3 } },
  ];
}
