-- A million open tasks of 2,800 counties, 12 towns in each, 10 villages in each town, one case a task. Counties differ:
-- the median one has 360 open tasks, the largest some 19,000.
-- What is made here is consistent: no need to have it checked row by row.
SET session_replication_role = replica;
SET synchronous_commit = off;

CREATE TEMP TABLE made AS
SELECT n, gen_random_uuid() AS id, county, format('%s/%s/%s', county, town, village) AS path, floor(random() * 10) AS kind,
  random() AS lot, now() - random() * interval '60 days' AS at
FROM (
  SELECT n, county, town, format('%s%s', town, lpad(((n / 12) % 10)::text, 3, '0')) AS village
  FROM (
    SELECT n, county, format('%s%s', county, lpad((n % 12)::text, 3, '0')) AS town
    FROM (SELECT n, (100000 + floor(2800 * power(random(), 2)))::text AS county FROM generate_series(1, :tasks) AS n) AS numbered
  ) AS in_counties
) AS in_towns;

INSERT INTO case_record (id, number, county, division, kind, words, place, urgency, source, level, stage, reported_at,
  reopened, sealed, tracking_hash, version, risk, due_on)
SELECT id, 'ZP-2026-' || n, county, path, 'dispute', '李家建房子把我家的地占了', '民主村', 'ordinary', 'grid', 'village',
  'reported', at, 0, false, uuid_send(id), 1, CASE WHEN lot < 0.02 THEN 'RED' ELSE 'YELLOW' END,
  CASE WHEN n % 6 > 0 THEN (at + interval '30 days')::date END
FROM made;

INSERT INTO user_task (id, instance_id, definition_id, element_id, name, groups, assignee, stream, county, division,
  state, created_at, due_at, version)
SELECT gen_random_uuid(), id, (SELECT id FROM definition WHERE kind = 'process' AND key = 'civil-dispute'), 'consent', '征求双方意见',
  ARRAY[CASE WHEN kind < 6 THEN 'village_mediator' WHEN kind < 8 THEN 'duty_officer' WHEN kind < 9 THEN 'county_officer'
    ELSE 'police' END],
  CASE WHEN lot < 0.1 THEN md5('somebody') WHEN lot < 0.3 THEN md5(path) END::uuid::text,
  id, county, path, 'open', at, CASE WHEN n % 3 > 0 THEN at + interval '30 days' END, 1
FROM made;

DROP TABLE made
