/**
 * The probability that a request waits longer than `waitS` before it is worked on, where requests come at random:
 * `C(c, a) · exp(−(c/s − λ) · t)` for `c` servers, a mean service time `s`, an arrival rate `λ` and an offered load
 * `a = λ · s` (Erlang's C formula, 1917; M/M/c). The recursion is that of the B formula, which does not overflow.
 */
export const lateShare = (servers: number, ratePerS: number, serviceS: number, waitS: number): number => {
  const offered = ratePerS * serviceS
  if (offered <= 0) return 0
  if (servers <= offered) return 1
  let blocked = 1
  for (let n = 1; n <= servers; n++) blocked = (offered * blocked) / (n + offered * blocked)
  const delayed = blocked / (1 - (offered / servers) * (1 - blocked))
  return delayed * Math.exp(-(servers / serviceS - ratePerS) * waitS)
}

/** The fewest replicas of `slots` servers each that keep the late share within the budget, at most `most`. */
export const replicasFor = (
  load: { readonly ratePerS: number; readonly serviceS: number },
  {
    slots,
    waitS,
    late,
    most,
  }: { readonly slots: number; readonly waitS: number; readonly late: number; readonly most: number },
): number => {
  const least = Math.max(1, Math.ceil((load.ratePerS * load.serviceS) / slots))
  for (let replicas = least; replicas < most; replicas++) {
    if (lateShare(replicas * slots, load.ratePerS, load.serviceS, waitS) <= late) return replicas
  }
  return most
}
