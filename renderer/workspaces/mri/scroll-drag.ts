/** The slice tool: dragging up or down leafs through the slices. Taken before the pane sees the press. */
const PER_SLICE = 14;

/** For `{@attach}`. `active` says whether the tool is chosen; `step` is called once a slice. */
export function scrollDrag(active: () => boolean, step: (by: -1 | 1) => void): (element: HTMLElement) => () => void {
  return (element) => {
    let from: number | null = null;
    const down = (event: PointerEvent): void => {
      if (!active() || event.button !== 0 || event.ctrlKey || event.metaKey || !(event.target instanceof Element)) return;
      if (event.target.closest('button') !== null) return;
      event.stopPropagation();
      from = event.clientY;
      element.setPointerCapture(event.pointerId);
    };
    const move = (event: PointerEvent): void => {
      if (from === null) return;
      while (Math.abs(event.clientY - from) >= PER_SLICE) {
        const by = event.clientY > from ? 1 : -1;
        step(by);
        from += by * PER_SLICE;
      }
    };
    const up = (): void => {
      from = null;
    };
    element.addEventListener('pointerdown', down, { capture: true });
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', up);
    element.addEventListener('pointercancel', up);
    return () => {
      element.removeEventListener('pointerdown', down, { capture: true });
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', up);
      element.removeEventListener('pointercancel', up);
    };
  };
}
