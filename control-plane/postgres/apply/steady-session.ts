import { codeOf } from "./session.ts"
import type { Connect, Session, SessionRole } from "./session.ts"

/** A session that is opened anew where its connection broke: what it is asked must not depend on the session's state. */
export const openSteadySession = async (connect: Connect, role: SessionRole): Promise<Session> => {
  let session = await connect(role)
  return {
    get pid() {
      return session.pid
    },
    query: async (sql, parameters) => {
      try {
        return await session.query(sql, parameters)
      } catch (error) {
        // 57P01 and its kin end the connection as well; any other SQLSTATE is an answer.
        const code = codeOf(error)
        if (code !== undefined && !/^(57P0|08)/.test(code)) throw error
        await session[Symbol.asyncDispose]()
        session = await connect(role)
        return session.query(sql, parameters)
      }
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  }
}
