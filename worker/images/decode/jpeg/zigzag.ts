/** Where the coefficient at each place of the zigzag order lies in a block, row by row (T.81, figure A.6). */
export const zigzag: readonly number[] = (() => {
  const order: number[] = []
  for (let diagonal = 0; diagonal < 15; diagonal++) {
    for (let i = 0; i <= diagonal; i++) {
      // Even diagonals run upwards, odd ones downwards.
      const [row, column] = diagonal % 2 === 0 ? [diagonal - i, i] : [i, diagonal - i]
      if (row < 8 && column < 8) order.push(row * 8 + column)
    }
  }
  return order
})()
