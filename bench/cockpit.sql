-- Instances of one process with a loop: "a", then "b", and for one in four both once more. :finished have ended, :running wait.
-- Every event holds what the engine writes of it.
SET session_replication_role = replica;
SET synchronous_commit = off;
CREATE TEMP TABLE made AS
SELECT n, gen_random_uuid() AS id, now() - random() * interval '80 days' AS at, n % 4 = 0 AS again, random() AS lot
FROM generate_series(1, :finished) AS n;
INSERT INTO instance (id, definition_id, stream, county, division, status, state, started_at, ended_at, outcome, version)
SELECT id, ':definition', id, '610927', '610927', 'completed', '\x00', at, at + interval '9 days', 'completed', 5 FROM made;
INSERT INTO event (stream, position, kind, at, actor, instance, data, previous, hash)
SELECT id, position, kind, made.at + took * (0.5 + lot) * interval '1 day', 'x', id,
  jsonb_build_object('definition', ':definition', 'process', 'bench', 'path', path::jsonb), '\x', '\x'
FROM made, (VALUES
  (1, 'instance.started', 0, false, '[["element.completed","start",{"token":"000000000001"}],["flow.taken","start_a"],["element.entered","a",{"token":"000000000002"}]]'),
  (2, 'task.completed', 2, false, '[["gateway.decided","which",{"flows":["which_b"],"token":"000000000003"}],["element.completed","a",{"token":"000000000002"}],["flow.taken","a_which"],["element.completed","which",{"token":"000000000003"}],["flow.taken","which_b"],["element.entered","act",{"token":"000000000009"}],["element.completed","act",{"token":"000000000009"}],["flow.taken","act_b"],["element.entered","b",{"token":"000000000004"}]]'),
  (3, 'task.completed', 4, true, '[["element.completed","b",{"token":"000000000004"}],["flow.taken","b_a"],["element.entered","a",{"token":"000000000005"}]]'),
  (4, 'task.completed', 6, true, '[["gateway.decided","which",{"flows":["which_b"],"token":"000000000006"}],["element.completed","a",{"token":"000000000005"}],["flow.taken","a_which"],["element.completed","which",{"token":"000000000006"}],["flow.taken","which_b"],["element.entered","b",{"token":"000000000007"}]]'),
  (5, 'task.completed', 8, false, '[["element.completed","b",{"token":"000000000004"}],["flow.taken","b_end"],["element.completed","end",{"token":"000000000008"}]]')
) AS steps (position, kind, took, only_again, path)
WHERE again OR NOT only_again;
INSERT INTO instance (id, definition_id, stream, county, division, status, state, started_at, version)
SELECT gen_random_uuid(), ':definition', gen_random_uuid(), '610927', '610927', 'active', '\x00', now(), 1
FROM generate_series(1, :running);
INSERT INTO token_place (id, instance_id, definition_id, element_id, since)
SELECT gen_random_uuid(), id, definition_id, CASE WHEN random() < 0.7 THEN 'a' WHEN random() < 0.999 THEN 'b' ELSE 'rare' END, started_at
FROM instance WHERE status = 'active'
