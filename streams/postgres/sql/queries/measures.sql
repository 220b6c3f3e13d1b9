-- Named queries of the numbers by which operators watch a domain.

-- name: measures
-- $1 is the instant that counts as now, $2 that from which the last weeks' visits count.
SELECT
    (SELECT position FROM head) AS position,
    (SELECT coalesce(max(size), 0) FROM checkpoint) AS sealed,
    (SELECT count(*) FROM delivery WHERE channel IS NULL) AS outbox,
    (SELECT coalesce(min(position), 0) FROM delivery WHERE channel IS NULL) AS outbox_first,
    (SELECT count(*) FROM input WHERE expires > $1::timestamptz) AS dead_letters,
    (SELECT count(*) FROM rejection) AS rejections,
    (
        SELECT count(*) FROM request
        WHERE lane = 'escalated' AND status = 'accepted' AND NOT approved
    ) AS escalations,
    (
        SELECT count(*) FROM request WHERE status = 'accepted' AND NOT approved
    ) AS undecided,
    (
        SELECT coalesce(extract(epoch FROM $1::timestamptz - min(submitted)), 0)::float8 FROM request
        WHERE status = 'accepted' AND NOT approved
    ) AS undecided_age,
    (
        SELECT count(*) FROM deadline AS d JOIN visit AS v ON v.id IN (d.about, substr(d.about, 7))
        WHERE d.rule LIKE 'filing-%' AND d.status = 'lapsed' AND v.filing IS NULL
    ) AS filings_overdue,
    (SELECT count(*) FROM job WHERE outcome IS NULL) AS jobs,
    (SELECT coalesce(max(year), 0) FROM calendar WHERE status = 'official') AS calendar_last_year,
    v.entered, v.coded, v.rated, v.unrated,
    coalesce(p.half, 0)::float8 AS decision_half, coalesce(p.most, 0)::float8 AS decision_most,
    g.month, coalesce(g.objective, 0) AS objective, coalesce(g.bound, 0) AS bound
FROM
    (
        SELECT
            count(*) AS entered,
            count(*) FILTER (WHERE coded) AS coded,
            count(*) FILTER (WHERE rated = 'rated') AS rated,
            count(*) FILTER (WHERE rated = 'unrated') AS unrated
        FROM visit WHERE entered IS NOT NULL AND day >= $2::timestamptz::date
    ) AS v,
    (
        SELECT
            percentile_disc(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM a.given - r.submitted))
                AS half,
            percentile_disc(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM a.given - r.submitted))
                AS most
        FROM approval AS a JOIN request AS r ON r.id = a.request
        WHERE a.given >= $2::timestamptz
    ) AS p
    LEFT JOIN LATERAL (
        SELECT month, objective, bound FROM draft ORDER BY month DESC, version DESC LIMIT 1
    ) AS g ON true;

-- name: sessions_waiting
-- How many of this domain's connections wait for a lock, and how many there are.
SELECT
    count(*) AS connections,
    count(*) FILTER (WHERE wait_event_type = 'Lock') AS waiting
FROM pg_stat_activity WHERE application_name = 'wurao' AND datname = current_database();
