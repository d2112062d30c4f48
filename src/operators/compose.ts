import { LacunaError } from '../errors.ts';
import type { LinearOperator } from './linear-operator.ts';

/** A·B·…·Z: the last one is applied first. Throws `internal` naming the two operators whose shapes do not fit. */
export function compose(...operators: readonly [LinearOperator, ...LinearOperator[]]): LinearOperator {
  operators.forEach((outer, i) => {
    const inner = operators[i + 1];
    if (inner !== undefined && inner.range.join() !== outer.domain.join()) {
      throw new LacunaError('internal', `${outer.name} takes [${outer.domain.join(', ')}], but ${inner.name} gives [${inner.range.join(', ')}]`);
    }
  });
  const first = operators[0];
  const last = operators.at(-1) ?? first;
  return {
    name: operators.map((operator) => operator.name).join(' · '),
    domain: last.domain,
    range: first.range,
    apply: (x, out) => operators.reduceRight((value, operator, i) => operator.apply(value, i === 0 ? out : undefined), x),
    adjoint: (y, out) =>
      operators.reduce((value, operator, i) => operator.adjoint(value, i === operators.length - 1 ? out : undefined), y),
  };
}
