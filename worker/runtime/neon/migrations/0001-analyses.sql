-- One row for each finished request. Never the picture, the question or the answer.
-- The runner makes the schema and sets the search path to it: electrical_analysis, unless another one was chosen.
create table analyses (
  id uuid primary key,
  at timestamptz not null,
  tenant text not null,
  endpoint text not null,
  status smallint not null,
  error_code text,
  query_type text not null,
  prompt text not null,
  cache_state text not null,
  provider text,
  model text,
  attempts smallint not null,
  image_tokens integer not null,
  image_tokens_saved integer not null,
  usd numeric(12, 6) not null,
  saved_usd numeric(12, 6) not null,
  total_ms integer not null,
  overhead_ms integer not null,
  upstream_ms integer not null,
  first_token_ms integer,
  estimated_ms integer not null,
  record jsonb not null
);

create index analyses_by_tenant on analyses (tenant, at desc);
