-- Ten years of visits, written by the database itself (bench/archive.py).
--
-- Beforehand there are bench_size (visits), bench_office (place, id, supervisor, terminal,
-- tariff, waiver, first_clerk, clerks) and, of the last office, only the first two years.
-- What retention would have removed by now is not written. Statements end in a semicolon
-- at the end of a line; nothing else does.

-- Working days count back from today; each has seven hours, and its last visit was a
-- minute ago. One visit in fourteen is of somebody who came three years before.
CREATE UNLOGGED TABLE bench_visit AS
WITH numbered AS (
    SELECT n, visits,
           floor((visits - n)::numeric * 2608 / visits)::int AS back,
           CASE WHEN n % 14 = 0 AND n > visits * 3 / 10
                THEN n - visits * 3 / 10 - CASE WHEN (n - visits * 3 / 10) % 14 = 0
                                                THEN 1 ELSE 0 END
                ELSE n END AS person,
           -- Shuffled, so that every day has all offices and all clerks.
           (n * 7919) % 1000 AS lot
    FROM bench_size, generate_series(1, visits) AS n
), timed AS (
    SELECT n, visits, person, lot,
           now() - interval '1 minute'
               - make_interval(days => back / 5 * 7 + back % 5)
               - interval '7 hours' * ((visits - n)::float * 2608 / visits - back) AS at
    FROM numbered
), placed AS (
    SELECT n, visits, person, lot, at,
           CASE WHEN lot < 500 THEN 1 WHEN lot < 750 THEN 2 WHEN lot < 900 THEN 3
                WHEN lot < 989 THEN 4 WHEN lot < 999 OR n > visits / 5 THEN 5
                ELSE 6 END AS place
    FROM timed
), stated AS (
    SELECT placed.*, office.id AS office, office.supervisor, office.terminal,
           office.tariff, office.waiver,
           office.first_clerk + n / 7 % office.clerks AS clerk,
           CASE WHEN at > now() - interval '20 minutes' AND n % 4 = 0 THEN 'recorded'
                WHEN n % 100 >= 12 AND at > now() - interval '14 days' AND n % 3 = 0
                THEN 'code_issued'
                WHEN n % 100 < 7 AND at > now() - interval '14 days' THEN 'code_issued'
                WHEN n % 100 < 7 THEN 'lapsed'
                WHEN n % 100 < 12 THEN 'cancelled'
                ELSE 'activated' END AS state
    FROM placed JOIN bench_office AS office USING (place)
), told AS (
    SELECT stated.*,
           (at AT TIME ZONE 'Europe/Brussels')::date AS day,
           is_alone AND state = 'activated' AND at < now() - interval '200 days'
               AS is_revoked,
           at < now() - interval '30 days' AS is_month_old,
           (state IN ('lapsed', 'cancelled')
               AND at < now() - interval '104 days')
           OR (is_alone AND state = 'activated' AND at < now() - interval '566 days')
               AS is_anonymous
    FROM (SELECT stated.*, n % 100 BETWEEN 60 AND 61
                     AND count(*) OVER (PARTITION BY person) = 1 AS is_alone
          FROM stated) AS stated
), parted AS (
    -- An anonymised dossier leads to nobody who has others.
    SELECT n, place, office, supervisor, terminal, tariff, waiver, clerk, at, state, day,
           CASE WHEN is_anonymous THEN -n ELSE person END AS person, is_revoked,
           is_month_old, is_anonymous
    FROM told
)
SELECT n, place, office, supervisor, terminal, tariff, waiver, clerk, at, state, day, person,
       md5('applicant' || person)::uuid AS applicant,
       md5('holder' || person)::uuid AS holder,
       md5('dossier' || n)::uuid AS dossier,
       md5('code' || n)::uuid AS code,
       md5('key' || n)::uuid AS key,
       md5('payment' || n)::uuid AS payment,
       md5('drawer' || clerk || day)::uuid AS drawer,
       CASE WHEN state = 'recorded' THEN ''
            WHEN n % 50 = 49 THEN 'waiver' WHEN n % 20 < 9 THEN 'cash' ELSE 'card'
            END AS method,
       (ARRAY['app', 'app', 'sms', 'email'])[1 + n % 4] AS kind,
       is_revoked, is_month_old, is_anonymous
FROM parted
ORDER BY n;

CREATE UNIQUE INDEX ON bench_visit (n);
ANALYZE bench_visit;

-- Each has a person, of whom nothing is left either.
CREATE UNLOGGED TABLE bench_person AS
SELECT person, applicant, holder, bool_and(is_anonymous) AS is_anonymous,
       bool_or(state = 'activated') AS has_key,
       bool_and(is_revoked AND at < now() - interval '231 days') AS has_no_key_since,
       min(at) AS at, max(at) AS last_at
FROM bench_visit GROUP BY person, applicant, holder ORDER BY person;

CREATE UNIQUE INDEX ON bench_person (person);
ANALYZE bench_person;

INSERT INTO counter_applicant
    (id, national_number_sealed, national_number_index_a, number_kind, last_name,
     first_names, birth_date, first_seen_at, anonymised_at)
SELECT applicant,
       CASE WHEN is_anonymous THEN '' ELSE '\x026531'::bytea || sha256(person::text::bytea)
           END,
       CASE WHEN NOT is_anonymous THEN sha256((person || 'a')::bytea) END,
       CASE WHEN person % 12 = 0 THEN 'bis' ELSE 'register' END,
       CASE WHEN is_anonymous THEN '' ELSE
           (names[1 + person % 18] || names[1 + person / 18 % 18]
            || names[1 + person / 324 % 18] || 'sens') END,
       CASE WHEN is_anonymous THEN '' ELSE firsts[1 + person % 8] END,
       CASE WHEN NOT is_anonymous THEN date '1940-01-01' + (person % 25000)::int END,
       at, CASE WHEN is_anonymous THEN last_at + interval '105 days' END
FROM bench_person,
     (SELECT '{Jan,Pe,Van,De,Ma,Wou,Cla,Her,Bo,Lem,Ver,Smi,Gee,Del,Moe,Cou,Hoo,Raa}'::text[]
             AS names,
             '{Peter,Anna,Els,Bart,Leila,Marie,José,Zoë}'::text[] AS firsts) AS words;

INSERT INTO counter_dossier
    (id, submission, state, last_name, first_names, birth_date, document_type,
     document_number_sealed, document_country, document_expiry, original_seen_at, email,
     language, reason, recorded_at, paid_at, code_issued_at, activated_at, cancelled_at,
     lapsed_at, anonymised_at, applicant_id, recorded_by_id, office_id, desk)
SELECT dossier, md5('form' || n)::uuid, state,
       CASE WHEN visit.is_anonymous THEN '' ELSE person.last_name END,
       CASE WHEN visit.is_anonymous THEN '' ELSE person.first_names END,
       CASE WHEN NOT visit.is_anonymous THEN person.birth_date END,
       (ARRAY['BE_PASS', 'FOR_PASS', 'BE_RES', 'EU_ID', 'BE_EID'])[1 + n % 5],
       CASE WHEN visit.is_month_old THEN ''
            ELSE '\x026531'::bytea || sha256(n::text::bytea) END,
       CASE WHEN visit.is_anonymous THEN '' ELSE 'BEL' END,
       CASE WHEN NOT visit.is_anonymous THEN date '2040-01-01' END,
       at,
       CASE WHEN visit.is_month_old THEN '' ELSE 'person' || n || '@example.org' END,
       (ARRAY['nl', 'fr', 'en', 'de', 'fr'])[1 + n % 5],
       CASE WHEN n % 9 = 0 THEN 'leaving' ELSE 'no_other_key' END,
       at, CASE WHEN method <> '' THEN at + interval '2 minutes' END,
       CASE WHEN method <> '' THEN at + interval '2 minutes' END,
       CASE WHEN state = 'activated' THEN at + interval '1 hour' * (n % 40) END,
       CASE WHEN state = 'cancelled' THEN at + interval '1 day' END,
       CASE WHEN state = 'lapsed' THEN at + interval '14 days' END,
       CASE WHEN visit.is_anonymous THEN at + interval '104 days' END,
       applicant, clerk, office, 'Loket ' || 1 + clerk % 12
FROM bench_visit AS visit JOIN counter_applicant AS person ON person.id = applicant
ORDER BY n;

-- Each clerk's day has a drawer; today's is open. Of the float 20 went to the safe.
INSERT INTO payments_drawersession
    (id, office_id, clerk_id, desk, state, opened_at, opening_float, opening_counts,
     counted_at, counted_amount, counted_counts, expected_amount, difference, closed_at,
     difference_reason, approved_at, approved_by_id, sealed_bag)
SELECT drawer, office, clerk, 'Loket ' || 1 + clerk % 12,
       CASE WHEN is_today THEN 'open' WHEN is_yesterday THEN 'closed' ELSE 'approved' END,
       first_at - interval '20 minutes', 100, '{"2000": 5}',
       CASE WHEN NOT is_today THEN last_at + interval '30 minutes' END,
       CASE WHEN NOT is_today THEN 80 + cash END,
       CASE WHEN NOT is_today THEN '{"1000": 1}'::jsonb END,
       CASE WHEN NOT is_today THEN 80 + cash END,
       CASE WHEN NOT is_today THEN 0 END,
       CASE WHEN NOT is_today THEN last_at + interval '31 minutes' END, '',
       CASE WHEN NOT is_today AND NOT is_yesterday THEN last_at + interval '1 hour' END,
       CASE WHEN NOT is_today AND NOT is_yesterday THEN supervisor END, ''
FROM (SELECT drawer, office, clerk, supervisor, min(at) AS first_at, max(at) AS last_at,
             10 * count(*) FILTER (WHERE method = 'cash') AS cash,
             day = max(day) OVER (PARTITION BY clerk) AND day >= now()::date - 1 AS is_today,
             day < now()::date - 1 AND day > now()::date - 5 AS is_yesterday
      FROM bench_visit GROUP BY drawer, office, clerk, supervisor, day) AS drawers
ORDER BY first_at;

INSERT INTO payments_drawercount
    (session_id, nth, at, counted_by_id, amount, counts, difference, was_said)
SELECT id, 1, counted_at, clerk_id, counted_amount, counted_counts, 0, ''
FROM payments_drawersession WHERE counted_at IS NOT NULL ORDER BY counted_at;

INSERT INTO payments_drawermovement
    (submission, session_id, kind, amount, at, by_id, reference)
SELECT md5('bag' || id)::uuid, id, 'deposit', 20, counted_at - interval '5 minutes',
       clerk_id, 'ZAK ' || left(id::text, 6)
FROM payments_drawersession WHERE counted_at IS NOT NULL ORDER BY counted_at;

INSERT INTO payments_payment
    (id, submission, taken_at, method, amount, tendered, terminal_slip, waiver_reason,
     approved_by_id, dossier_id, taken_by_id, tariff_id, drawer_id, terminal_id)
SELECT payment, md5('paid' || n)::uuid, at + interval '2 minutes', method,
       CASE WHEN method = 'waiver' THEN 0 ELSE 10 END,
       CASE WHEN method = 'cash' THEN 20 END,
       CASE WHEN method = 'card' THEN n::text ELSE '' END,
       CASE WHEN method = 'waiver' THEN 'regulation' ELSE '' END,
       CASE WHEN method = 'waiver' THEN supervisor END,
       dossier, clerk, tariff,
       CASE WHEN method = 'cash' THEN drawer END,
       CASE WHEN method = 'card' THEN terminal END
FROM bench_visit WHERE method <> '' ORDER BY n;

INSERT INTO payments_receipt
    (office_id, year, number, payment_id, issued_at, desk, username, terminal)
SELECT office, extract(year FROM day),
       row_number() OVER (PARTITION BY office, extract(year FROM day) ORDER BY n),
       payment, at + interval '2 minutes', 'Loket ' || 1 + clerk % 12, 'loket' || clerk,
       CASE WHEN method = 'card' THEN 'Terminal' ELSE '' END
FROM bench_visit WHERE method <> '' ORDER BY n;

INSERT INTO payments_receiptcounter (office_id, year, last)
SELECT office_id, year, max(number) FROM payments_receipt GROUP BY office_id, year;

-- One payment in two hundred is asked back.
INSERT INTO payments_reversal
    (id, payment_id, reason, method, amount, state, asked_by_id, asked_at, decided_by_id,
     decided_at, refund_method, settled_by_id, settled_at, booked_on, refund_slip)
SELECT md5('back' || n)::uuid, payment, 'wrong_amount', 'card', 10,
       CASE WHEN is_open THEN 'asked' ELSE 'settled' END, clerk, at + interval '1 hour',
       CASE WHEN NOT is_open THEN supervisor END,
       CASE WHEN NOT is_open THEN at + interval '2 hours' END,
       CASE WHEN is_open THEN '' ELSE 'transfer' END,
       CASE WHEN NOT is_open THEN supervisor END,
       CASE WHEN NOT is_open THEN at + interval '2 hours' END,
       CASE WHEN NOT is_open THEN day END, ''
FROM (SELECT *, at > now() - interval '7 days' AS is_open FROM bench_visit) AS visit
WHERE method = 'card' AND n % 100 = 37 AND n % 200 < 100 ORDER BY n;

INSERT INTO payments_bankrefund (reversal_id, paid_on, noted_by_id, noted_at)
SELECT id, asked_at::date + 3, decided_by_id, asked_at + interval '3 days'
FROM payments_reversal
WHERE state = 'settled' AND asked_at < now() - interval '20 days' ORDER BY asked_at;

INSERT INTO payments_terminaltotal (terminal_id, date, amount, noted_by_id, noted_at)
SELECT terminal, day, 10 * count(*), min(supervisor), max(at)
FROM bench_visit WHERE method = 'card' GROUP BY terminal, day ORDER BY day;

INSERT INTO payments_exportbatch
    (session_id, date, office_id, number, content, sha256, created_at, created_by_id)
SELECT id, (opened_at AT TIME ZONE 'Europe/Brussels')::date, office_id,
       row_number() OVER (PARTITION BY office_id ORDER BY approved_at, id),
       convert_to(repeat('2026-01-01;10,00;', 20), 'UTF8'),
       encode(sha256(id::text::bytea), 'hex'), approved_at, approved_by_id
FROM payments_drawersession WHERE state = 'approved' ORDER BY approved_at;

INSERT INTO activation_activationcode
    (id, key_id, nonce, progress_sealed, state, issued_at, valid_until, attempts, used_at,
     lapsed_at, replaced_at, dossier_id, issued_by_id)
SELECT code, 'd1', CASE WHEN is_month_old THEN '' ELSE sha256(n::text::bytea) END, '',
       CASE state WHEN 'activated' THEN 'used' WHEN 'lapsed' THEN 'lapsed'
            WHEN 'cancelled' THEN 'replaced' ELSE 'live' END,
       at + interval '2 minutes', at + interval '14 days', CASE WHEN n % 30 = 0 THEN 1 ELSE 0
       END,
       CASE WHEN state = 'activated' THEN at + interval '1 hour' * (n % 40) END,
       CASE WHEN state = 'lapsed' THEN at + interval '14 days' END,
       CASE WHEN state = 'cancelled' THEN at + interval '1 day' END, dossier, clerk
FROM bench_visit WHERE method <> '' ORDER BY n;

INSERT INTO activation_keyholder
    (id, user_name, password, created_at, email, new_email, language, session_epoch,
     applicant_id, anonymised_at)
SELECT holder, CASE WHEN is_anonymous THEN '' ELSE 'person.' || person END, '', at,
       CASE WHEN is_anonymous OR has_no_key_since THEN ''
            ELSE 'person' || person || '@example.org' END, '',
       'fr', 0, applicant, CASE WHEN is_anonymous THEN last_at + interval '566 days' END
FROM bench_person WHERE has_key ORDER BY person;

INSERT INTO activation_digitalkey
    (id, is_first, name, kind, state, secret_sealed, destination_sealed, last_step,
     created_at, activated_at, valid_until, revoked_at, anonymised_at, code_id, holder_id)
SELECT key, true, '', kind, CASE WHEN is_revoked THEN 'revoked' ELSE 'active' END,
       '', '', 0, at + interval '1 hour' * (n % 40), at + interval '1 hour' * (n % 40),
       at + interval '10 years 2 days',
       CASE WHEN is_revoked THEN at + interval '200 days' END,
       CASE WHEN is_anonymous THEN at + interval '566 days' END, code, holder
FROM bench_visit WHERE state = 'activated' ORDER BY n;

-- A key in eight is used in half a year, four times each.
INSERT INTO activation_signinactivity
    (id, holder_id, at, key_id, kind, device, browser, is_new_device, what_for, result)
SELECT gen_random_uuid(), holder, now() - interval '183 days' * (abs(hashint8(n * 4 + time)) % 100000) / 100000,
       key, kind, 'Windows', 'Firefox', n % 64 = 0 AND time = 1, 'sign_in',
       CASE WHEN n % 64 = 33 AND time = 1 THEN 'wrong_digits' ELSE 'signed_in' END
FROM bench_visit, generate_series(1, 4) AS time
WHERE state = 'activated' AND NOT is_revoked AND n / 4 % 8 = 0 ORDER BY 3;

INSERT INTO activation_holderchange (id, holder_id, at, act, kind, old_email)
SELECT gen_random_uuid(), holder, now() - interval '183 days' * (abs(hashint8(n)) % 100000) / 100000,
       (ARRAY['password', 'new_device', 'language'])[1 + n % 3], '', ''
FROM bench_visit WHERE state = 'activated' AND NOT is_revoked AND n % 40 = 13 ORDER BY 3;

INSERT INTO activation_knownbrowser (holder_id, mark, signed_in_at)
SELECT holder, sha256(n::text::bytea), now() - interval '183 days' * (abs(hashint8(n)) % 100000) / 100000
FROM bench_visit WHERE state = 'activated' AND NOT is_revoked AND n / 4 % 8 = 0;

INSERT INTO activation_onetimecode
    (id, key_id, purpose, key_id_used, nonce, state, destination_index, requested_at,
     valid_until, attempts, used_at)
SELECT gen_random_uuid(), key, 'activate', 'd1', sha256(n::text::bytea), 'used',
       sha256(n::text::bytea), at, at + interval '10 minutes', 1, at
FROM bench_visit WHERE state = 'activated' AND at > now() - interval '7 days';

INSERT INTO activation_addresschange
    (id, dossier_id, old_email, at, clerk_id, key_id, nonce, objected_at, settled_at)
SELECT gen_random_uuid(), dossier, CASE WHEN is_month_old THEN '' ELSE 'old@example.org' END,
       at, clerk, 'd1', sha256(n::text::bytea),
       CASE WHEN n % 1000 = 300 THEN at + interval '1 day' END,
       CASE WHEN n % 1000 = 300 AND is_month_old THEN at + interval '2 days' END
FROM bench_visit WHERE n % 100 = 0 AND at < now() - interval '1 day';

-- The outbox keeps two months.
INSERT INTO notifications_delivery
    (id, kind, lane, channel, subject, state, created_at, not_before, attempts, unconfirmed,
     sent_at, refused_at, unknown_at, answer, dropped_because, dossier_id)
SELECT gen_random_uuid(), kind_of_mail, CASE WHEN kind_of_mail = 'reminder_week' THEN 3 ELSE 2 END,
       'mail', code, mail_state, said_at, said_at, 1, 0,
       CASE WHEN mail_state = 'sent' THEN said_at END,
       CASE WHEN mail_state = 'refused' THEN said_at END,
       CASE WHEN mail_state = 'unknown' THEN said_at END,
       CASE WHEN mail_state = 'refused' THEN '550 no such mailbox' ELSE '' END, '', dossier
FROM (SELECT *, at + interval '1 minute' * (later - 1) AS said_at,
             CASE WHEN later > 1 OR n % 150 > 2 THEN 'sent'
                  WHEN n % 150 < 2 THEN 'refused'
                  WHEN n % 600 = 2 THEN 'unknown' ELSE 'waiting' END AS mail_state
      FROM bench_visit,
           (VALUES (1, 'activation_link'), (90, 'key_activated'), (10080, 'reminder_week'))
               AS mails (later, kind_of_mail)
      WHERE method <> '' AND at > now() - interval '62 days'
        AND (later < 90 OR (later = 90) = (state = 'activated'))) AS mails
WHERE said_at <= now() ORDER BY said_at;

INSERT INTO counter_turnedaway (office_id, clerk_id, submission, at, outcome, reason)
SELECT office, clerk, md5('away' || n)::uuid, at,
       CASE WHEN n % 24 = 5 THEN 'redirected' ELSE 'refused' END,
       CASE WHEN n % 24 = 5 THEN 'itsme'
            ELSE (ARRAY['no_document', 'no_email', 'not_paid'])[1 + n / 24 % 3] END
FROM bench_visit WHERE n % 12 = 5 ORDER BY n;

INSERT INTO counter_kinshipanswer (dossier_id, clerk_id, is_family, at)
SELECT dossier, clerk, false, at FROM bench_visit WHERE n % 90 = 3 ORDER BY n;

INSERT INTO counter_dossiercorrection (dossier_id, clerk_id, at, changes)
SELECT dossier, clerk, at + interval '3 minutes', '{}'
FROM bench_visit WHERE n % 110 = 3 ORDER BY n;

INSERT INTO counter_legalhold
    (id, dossier_id, reason, until, set_by_id, set_at, lifted_by_id, lifted_at, lift_reason)
SELECT gen_random_uuid(), dossier, 'lawsuit', day + 4000, supervisor, at + interval '1 day',
       CASE WHEN n % 15000 > 5000 THEN supervisor END,
       CASE WHEN n % 15000 > 5000 THEN at + interval '2 days' END,
       CASE WHEN n % 15000 > 5000 THEN 'over' ELSE '' END
FROM bench_visit WHERE n % 5000 = 12 AND NOT is_anonymous;

-- Of the public's messages the open ones and those of the last three months are there.
INSERT INTO counter_enquiry
    (id, submission, office_id, kind, language, page, name, email, text, owner_id, answer,
     received_at, handled_at, handled_by_id)
SELECT gen_random_uuid(), md5('asked' || n)::uuid, office,
       CASE WHEN n % 100 = 20 THEN 'report' ELSE 'question' END, 'nl', 'contact', '',
       'asks' || n || '@example.org',
       repeat('Waar is mijn code? ', 20)
           || CASE WHEN n % 3 = 0 THEN upper(left(dossier::text, 8)) ELSE '' END,
       CASE WHEN n % 3 > 0 THEN supervisor END,
       CASE WHEN at < now() - interval '6 days' AND n % 90 > 0 THEN 'Hier is hij.' ELSE '' END,
       at,
       CASE WHEN at < now() - interval '6 days' AND n % 90 > 0 THEN at + interval '5 days'
       END,
       CASE WHEN at < now() - interval '6 days' AND n % 90 > 0 THEN supervisor END
FROM bench_visit WHERE n % 20 = 0 AND at > now() - interval '90 days' ORDER BY n;

INSERT INTO counter_destructionrecord (at, rule, office_id, days, rows, at_request)
SELECT max(at), rule, office, 30, count(*), false
FROM bench_visit,
     (VALUES ('dossier_address'), ('document_number'), ('code'), ('old_address')) AS rules (rule)
GROUP BY day, rule, office ORDER BY 1;

-- The journal keeps all of it, in the order in which it happened.
INSERT INTO counter_journalentry
    (at, event, actor_kind, details, clerk_id, dossier_id, office_id, subject, mark)
SELECT at + after, event, actor, details,
       CASE WHEN actor = 'clerk' THEN clerk END, CASE WHEN about = '' THEN dossier END,
       office, CASE WHEN about = 'person' THEN 'counter.applicant:' || applicant ELSE '' END,
       substr(sha256((event || n)::bytea), 1, 16)
FROM bench_visit,
     LATERAL (VALUES
         ('dossier_recorded', 'clerk', '{}'::jsonb, interval '0', '', true),
         ('payment_taken', 'clerk', jsonb_build_object('amount', '10.00', 'method', method),
          interval '2 minutes', '', method <> ''),
         ('code_issued', 'clerk', '{}', interval '2 minutes', '', method <> ''),
         ('slip_printed', 'clerk', '{}', interval '2 minutes 1 second', '', method <> ''),
         ('mail_sent', 'system', '{"kind": "activation_link"}', interval '2 minutes 3 seconds',
          '', method <> ''),
         ('code_accepted', 'applicant', '{}', interval '50 minutes', '', state = 'activated'),
         ('key_activated', 'applicant', jsonb_build_object('kind', kind),
          interval '51 minutes', '', state = 'activated'),
         ('dossier_opened', 'clerk', '{}', interval '1 day', '', n % 5 = 0),
         ('person_opened', 'clerk', '{}', interval '1 day', 'person', n % 25 = 0),
         ('sign_in_failed', 'system', '{"account": "?", "form": "sign_in", "secret": "password"}',
          interval '0', 'nobody', n % 200 = 0)
     ) AS said (event, actor, details, after, about, is_so)
WHERE is_so AND at + after <= now()
ORDER BY 1;

INSERT INTO counter_journalseal
    (sealed_at, first_id, last_id, entries, previous, marks, digest, key_id)
SELECT max(at), min(id), max(id), count(*), sha256((id / 40)::text::bytea),
       string_agg(mark, '' ORDER BY id), sha256((id / 40 + 1)::text::bytea), 's1'
FROM counter_journalentry GROUP BY id / 40 ORDER BY id / 40;
