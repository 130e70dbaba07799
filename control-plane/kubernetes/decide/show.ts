/** Four digits are enough for people. */
export const show = (value: number): string => String(Number(value.toPrecision(4)))
