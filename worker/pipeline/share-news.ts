import type { Ports } from "../ports/ports.ts"

/** Lets the board tell the other isolates what is new, after the answer. Most calls find that it told them a moment ago. */
export const shareNews = ({ board, background }: Pick<Ports, "board" | "background">, now: number): void => {
  const sharing = board.sync(now)
  if (sharing !== undefined) background(sharing)
}
