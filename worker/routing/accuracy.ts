/**
 * The share of right answers that a model is taken to give before anybody rated one: the mean of Beta(8.5, 1.5), which
 * is worth ten ratings.
 */
export const priorAccuracy: number = 8.5 / (8.5 + 1.5)
