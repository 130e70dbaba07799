/** A set of words, written as one text. */
export const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** Words that say how a thing is asked, not what. Articles, auxiliaries, pronouns, prepositions, particles. */
export const functionWords: ReadonlySet<string> = words(`
  a an the this that these those it its there here
  is are was were be been being am do does did done has have had having
  can could may might will would shall should must
  i me my mine we us our you your yours one ones he him his she her hers they them their who whom whose oneself myself yourself
  of in on at by for from to with about as into onto within through during via upon
  and or but so if then than also too just very really much quite
  what which when where why how
  any some all each every
  not no without
  please kindly like get got
`)
