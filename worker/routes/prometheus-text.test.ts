import { expect, test } from "vitest"
import { prometheusText } from "./prometheus-text.ts"

test("writes each family with its help, its type and its samples", () => {
  const text = prometheusText([
    {
      name: "voltgate_cache_lookups_total",
      help: "Lookups.",
      type: "counter",
      samples: [
        { labels: { query_type: "ocr", state: "hit" }, value: 3 },
        { labels: {}, value: 0.5 },
      ],
    },
    { name: "voltgate_build_info", help: "The version.", type: "gauge", samples: [{ labels: {}, value: 1 }] },
  ])
  expect(text).toBe(
    [
      "# HELP voltgate_cache_lookups_total Lookups.",
      "# TYPE voltgate_cache_lookups_total counter",
      'voltgate_cache_lookups_total{query_type="ocr",state="hit"} 3',
      "voltgate_cache_lookups_total 0.5",
      "# HELP voltgate_build_info The version.",
      "# TYPE voltgate_build_info gauge",
      "voltgate_build_info 1",
      "",
    ].join("\n"),
  )
})

test("a family without samples is left out", () => {
  expect(prometheusText([{ name: "a", help: "", type: "gauge", samples: [] }])).toBe("\n")
})

test("no label can end its own quotation, and no number is anything but a number", () => {
  const text = prometheusText([
    {
      name: "a",
      help: "one\ntwo",
      type: "gauge",
      samples: [
        { labels: { model: 'x"} 1\nevil 2 \\' }, value: Number.NaN },
        { labels: {}, value: Number.POSITIVE_INFINITY },
      ],
    },
  ])
  expect(text.split("\n")).toEqual([
    "# HELP a one\\ntwo",
    "# TYPE a gauge",
    'a{model="x\\"} 1\\nevil 2 \\\\"} NaN',
    "a +Inf",
    "",
  ])
})
