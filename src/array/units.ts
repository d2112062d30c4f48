/** A branded number where a mix-up would hurt. `mm(5)` makes one; arithmetic yields a plain number again. */
declare const unit: unique symbol;

export type Millimetres = number & { readonly [unit]: 'mm' };

export const mm = (value: number): Millimetres => value as Millimetres;
