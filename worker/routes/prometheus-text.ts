/** One metric with its samples, as Prometheus reads them. */
export interface MetricFamily {
  /** With its unit, and `_total` for a counter. */
  readonly name: string
  readonly help: string
  readonly type: "counter" | "gauge" | "summary"
  readonly samples: readonly MetricSample[]
}

export interface MetricSample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Prometheus' text format, version 0.0.4. A family without samples is left out. */
export const prometheusText = (families: readonly MetricFamily[]): string =>
  families
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, help, type, samples }) =>
      [
        `# HELP ${name} ${help.replace(/\\/g, "\\\\").replace(/\n/g, "\\n")}`,
        `# TYPE ${name} ${type}`,
        ...samples.map(({ labels, value }) => `${name}${labelsOf(labels)} ${numberOf(value)}`),
      ].join("\n"),
    )
    .join("\n")
    .concat("\n")

const labelsOf = (labels: MetricSample["labels"]): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`)
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`
}

const escape = (value: string): string => value.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n")

const numberOf = (value: number): string =>
  Number.isFinite(value) ? String(value) : Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf"
