import { cloudflareTest } from "@cloudflare/vitest-plugin"
import { defineConfig } from "vitest/config"

/** Two runtimes, told apart by the file's name: `*.workerd.test.ts` runs inside workerd, every other test on Node. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "node",
          include: ["**/*.test.ts"],
          exclude: ["**/node_modules/**", "dist/**", "**/*.workerd.test.ts"],
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: "./wrangler.toml" } })],
        test: {
          name: "workerd",
          include: ["**/*.workerd.test.ts"],
          server: { deps: { inline: ["itty-durable"] } },
          deps: { optimizer: { ssr: { enabled: true, include: ["itty-durable"] } } },
        },
      },
    ],
  },
})
