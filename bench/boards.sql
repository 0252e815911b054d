-- Cases of five years in one county, spread over its grids. One in twenty is open, one in a hundred sealed.
-- What is made here is consistent: no need to have it checked row by row.
SET session_replication_role = replica;
SET synchronous_commit = off;

CREATE TEMP TABLE grid AS SELECT row_number() OVER () - 1 AS place, path FROM division WHERE kind = 'grid';

INSERT INTO case_record (id, number, county, division, kind, words, place, urgency, source, level, stage, reported_at,
  reopened, sealed, tracking_hash, version, risk, closed_at, due_on, outcome)
SELECT id, 'X-' || n, '610927', path, 'dispute', '李家建房子把我家的地占了', '民主村', 'ordinary', 'grid',
  CASE WHEN one < 0.6 THEN 'village' WHEN one < 0.9 THEN 'town' ELSE 'county' END, 'mediation', at, 0, two < 0.01,
  uuid_send(id), 1, CASE WHEN two < 0.05 THEN 'RED' ELSE 'YELLOW' END,
  CASE WHEN three < 0.95 THEN least(at + interval '20 days' * random(), now()) END,
  CASE WHEN three >= 0.95 THEN current_date + (random() * 30 - 10)::int END,
  CASE WHEN three < 0.95 THEN 'performed' END
FROM (
  SELECT n, gen_random_uuid() AS id, path, random() AS one, random() AS two, random() AS three,
    now() - random() * interval '1825 days' AS at
  FROM generate_series(1, :cases) AS made(n) JOIN grid ON place = n % (SELECT count(*) FROM grid)
) AS drawn;

INSERT INTO deadline (id, case_id, key, law_of, started_at, started_on, due_on, displayed_on, due_at, state, ended_at)
SELECT gen_random_uuid(), id, 'consumer', current_date, reported_at, current_date, current_date, current_date,
  reported_at + interval '12 days', CASE WHEN closed_at IS NULL THEN 'running' ELSE 'met' END, closed_at
FROM case_record;

DROP TABLE grid
