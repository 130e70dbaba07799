-- A role that `voltgate db doctor`, `report`, `advise` and `explain` need: it reads the catalog and statistics, and changes nothing.
-- pg_read_all_data is for pg_stats, which shows nobody the statistics of columns that he may not read; without it advice is rougher.
-- Run as a superuser in the database to be advised; set a password with \password.
DO $$ BEGIN CREATE ROLE voltgate_advice LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT pg_read_all_stats, pg_read_all_data TO voltgate_advice;
ALTER ROLE voltgate_advice SET default_transaction_read_only = on;
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
