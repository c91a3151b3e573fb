/** The colours the canvas draws with; everything else of the picture is HTML and takes its own. */
export interface GraphTheme {
  readonly edge: string;
  readonly quietEdge: string;
  readonly unknownEdge: string;
  readonly frame: string;
  readonly frameLine: string;
}

/** Reads the theme in force from the variables of globals.css. */
export function readTheme(element: Element): GraphTheme {
  const style = getComputedStyle(element);
  const variable = (name: string) => style.getPropertyValue(name).trim();
  return {
    edge: variable('--edge'),
    quietEdge: variable('--edge-quiet'),
    unknownEdge: variable('--caution-line'),
    frame: variable('--frame'),
    frameLine: variable('--frame-line'),
  };
}
