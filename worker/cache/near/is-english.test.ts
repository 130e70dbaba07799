import { expect, test } from "vitest"
import { isEnglish } from "./is-english.ts"

test.each([
  "Which breaker feeds the pump?",
  "what is the rating of F3 in µA?",
  "How many 10 Ω resistors are there?",
  "Is the Müller relay on?",
  "Read the nameplate.",
])("reads %j", (question) => {
  expect(isEnglish(question)).toBe(true)
})

test.each([
  "Welche Sicherung speist die Pumpe?",
  "Was liegt an Klemme 3? Wo ist das?",
  "Combien de disjoncteurs sont ouverts ?",
  "¿Cuántos interruptores hay?",
  "Quale interruttore è aperto?",
  "Quantos disjuntores estão abertos?",
  "Hoeveel schakelaars zijn er?",
  "Сколько автоматов?",
  "What does 开关 mean?",
  "Sicherung F3",
  "",
])("leaves %j to the lanes that compare wordings", (question) => {
  expect(isEnglish(question)).toBe(false)
})
