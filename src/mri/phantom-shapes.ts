/** Signed distances in millimetres, negative inside: the vocabulary that the phantom's anatomy is written in. */

/** A point of a chain of tapered capsules; a negative radius makes the chain vanish there. */
export interface ChainNode {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

export interface Chain {
  readonly nodes: readonly ChainNode[];
  /** Box around all capsules. */
  readonly left: number;
  readonly right: number;
  readonly front: number;
  readonly back: number;
}

/** Beyond this distance from a chain's box, mm, its exact distance matters to nobody. */
const FAR = 9;

export function makeChain(nodes: readonly ChainNode[]): Chain {
  const edge = (side: (node: ChainNode, reach: number) => number) => nodes.map((node) => side(node, Math.max(node.radius, 0)));
  return {
    nodes,
    left: Math.min(...edge((node, reach) => node.x - reach)),
    right: Math.max(...edge((node, reach) => node.x + reach)),
    front: Math.min(...edge((node, reach) => node.y - reach)),
    back: Math.max(...edge((node, reach) => node.y + reach)),
  };
}

/**
 * Distance to a chain of capsules whose radius varies linearly from node to node; a lower bound of 9 mm far from
 * it.
 */
export function chainDistance(x: number, y: number, chain: Chain): number {
  if (x < chain.left - FAR || x > chain.right + FAR || y < chain.front - FAR || y > chain.back + FAR) return FAR;
  const { nodes } = chain;
  let nearest = Infinity;
  for (let i = 1; i < nodes.length; i++) {
    const a = nodes[i - 1] as ChainNode;
    const b = nodes[i] as ChainNode;
    const dx = b.x - a.x;
    const dy = b.y - a.y;
    const along = ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy);
    const t = Math.min(Math.max(along, 0), 1);
    const ex = x - a.x - t * dx;
    const ey = y - a.y - t * dy;
    const distance = Math.sqrt(ex * ex + ey * ey) - (a.radius + t * (b.radius - a.radius));
    if (distance < nearest) nearest = distance;
  }
  return nearest;
}

export interface Ellipse {
  readonly x: number;
  readonly y: number;
  /** Half-axes; a half-axis ≤ 0 makes the ellipse vanish. */
  readonly a: number;
  readonly b: number;
  /** Counter-clockwise rotation of the axes as seen in the image (x to the right, y down), radians. */
  readonly turn: number;
}

/** Approximate distance to an ellipse: exact on its outline, and to first order near it. */
export function ellipseDistance(x: number, y: number, e: Ellipse): number {
  if (e.a <= 0 || e.b <= 0) return Infinity;
  const cos = Math.cos(e.turn);
  const sin = Math.sin(e.turn);
  const u = ((x - e.x) * cos - (y - e.y) * sin) / e.a;
  const v = ((x - e.x) * sin + (y - e.y) * cos) / e.b;
  const f = Math.sqrt(u * u + v * v);
  const slope = Math.sqrt((u / e.a) ** 2 + (v / e.b) ** 2);
  return slope === 0 ? -Math.min(e.a, e.b) : (f * (f - 1)) / slope;
}

/** min(a, b) with the crease rounded over `radius`. */
export function smoothMin(a: number, b: number, radius: number): number {
  const h = Math.max(radius - Math.abs(a - b), 0) / radius;
  return Math.min(a, b) - 0.25 * h * h * radius;
}

/** Share of a pixel of the given width that lies inside, for a straight edge at `distance` (negative inside). */
export function coverage(distance: number, width: number): number {
  const t = 0.5 - distance / width;
  return t <= 0 ? 0 : t >= 1 ? 1 : t * t * (3 - 2 * t);
}

/** Math.hypot without its guard against overflow, which would dominate the drawing time. */
export function length(a: number, b: number): number {
  return Math.sqrt(a * a + b * b);
}
