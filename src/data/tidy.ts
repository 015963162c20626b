/** A sum without the traces of binary fractions: 0.1 + 0.1 + 0.1 is 0.3. */
export const tidy = (value: number): number => (Number.isFinite(value) ? Number(value.toPrecision(12)) : value)
