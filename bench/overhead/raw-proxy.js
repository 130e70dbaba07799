// The floor: the least that a proxy in workerd can do.
// oxlint-disable-next-line import/no-default-export -- workerd demands it
export default {
  fetch: (request, env) => fetch(env.UPSTREAM, request),
}
