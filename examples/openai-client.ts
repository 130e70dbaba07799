import { readFile } from "node:fs/promises"
import OpenAI from "openai"

const picture = `data:image/png;base64,${await readFile("dev/samples/panel-schedule.png", "base64")}`

const client = new OpenAI({ baseURL: "http://127.0.0.1:8787/v1", apiKey: "any key will do on this machine" })
const completion = await client.chat.completions.create({
  model: "auto",
  messages: [
    {
      role: "user",
      content: [
        { type: "text", text: "Which breakers are there, and at what rating?" },
        { type: "image_url", image_url: { url: picture } },
      ],
    },
  ],
})
console.log(completion.choices[0]?.message.content)
