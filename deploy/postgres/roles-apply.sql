-- The least rights that are enough for `voltgate db apply`, `watch` and `revert`. Run it in the watched database as a role that may
-- grant these, and put the owner of your tables in the place of app_owner.
CREATE ROLE voltgate_apply LOGIN;  -- then: \password voltgate_apply

-- Sees how old other sessions' transactions are, what they wait for, how far a build is, and what the statements cost.
GRANT pg_monitor TO voltgate_apply;

-- Only a table's owner may make an index on it; Postgres has no smaller right. NOINHERIT would keep builds from using it.
GRANT app_owner TO voltgate_apply;

-- The journal. Without this schema it is kept in a file of the machine that runs Voltgate.
CREATE SCHEMA IF NOT EXISTS voltgate AUTHORIZATION voltgate_apply;
