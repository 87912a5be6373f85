"""A drawer's figures change until its approval by another count, and each count stays."""

from django.db import migrations

from counter.database.append_only import append_only

FUNCTION = """
CREATE OR REPLACE FUNCTION keep_approved_drawer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state <> 'approved'
        AND (NEW.id, NEW.office_id, NEW.clerk_id, NEW.opened_at, NEW.opening_float,
             NEW.opening_counts)
            IS NOT DISTINCT FROM
            (OLD.id, OLD.office_id, OLD.clerk_id, OLD.opened_at, OLD.opening_float,
             OLD.opening_counts)
        -- What was expected, and when it was counted first, is said once.
        AND (OLD.state = 'open'
             OR (NEW.counted_at, NEW.expected_amount)
                IS NOT DISTINCT FROM (OLD.counted_at, OLD.expected_amount))
        -- The figures are those of the last count, which is in a row of its own.
        AND ((NEW.counted_amount, NEW.counted_counts, NEW.difference)
                IS NOT DISTINCT FROM
                (OLD.counted_amount, OLD.counted_counts, OLD.difference)
             OR ((OLD.state = 'open'
                  OR NOT EXISTS (SELECT FROM payments_exportbatch
                                 WHERE session_id = NEW.id))
                 AND EXISTS (SELECT FROM payments_drawercount AS last
                             WHERE last.session_id = NEW.id
                               AND (last.amount, last.counts, last.difference)
                                   = (NEW.counted_amount, NEW.counted_counts,
                                      NEW.difference)
                               AND last.nth = (SELECT max(nth)
                                               FROM payments_drawercount
                                               WHERE session_id = NEW.id))))
        AND (OLD.state <> 'closed' OR NEW.closed_at = OLD.closed_at)
        -- Another reason belongs to another count, whose row keeps the one before.
        AND (OLD.state <> 'closed' OR NEW.difference_reason = OLD.difference_reason
             OR EXISTS (SELECT FROM payments_drawercount AS last
                        WHERE last.session_id = NEW.id AND last.nth > 1
                          AND last.was_said = OLD.difference_reason
                          AND last.nth = (SELECT max(nth) FROM payments_drawercount
                                          WHERE session_id = NEW.id)))
        AND (OLD.state, NEW.state) IN
            (('open', 'open'), ('open', 'counted'), ('counted', 'counted'),
             ('counted', 'closed'), ('closed', 'closed'), ('closed', 'approved'))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a % drawer is not changed so', OLD.state
        USING ERRCODE = 'restrict_violation';
END $$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION keep_approved_drawer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state <> 'approved'
        AND (NEW.id, NEW.office_id, NEW.clerk_id, NEW.opened_at, NEW.opening_float,
             NEW.opening_counts)
            IS NOT DISTINCT FROM
            (OLD.id, OLD.office_id, OLD.clerk_id, OLD.opened_at, OLD.opening_float,
             OLD.opening_counts)
        AND (OLD.state = 'open'
             OR (NEW.counted_at, NEW.counted_amount, NEW.counted_counts,
                 NEW.expected_amount, NEW.difference)
                IS NOT DISTINCT FROM
                (OLD.counted_at, OLD.counted_amount, OLD.counted_counts,
                 OLD.expected_amount, OLD.difference))
        AND (OLD.state <> 'closed'
             OR (NEW.closed_at, NEW.difference_reason)
                IS NOT DISTINCT FROM (OLD.closed_at, OLD.difference_reason))
        AND (OLD.state, NEW.state) IN
            (('open', 'open'), ('open', 'counted'), ('counted', 'counted'),
             ('counted', 'closed'), ('closed', 'closed'), ('closed', 'approved'))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a % drawer is not changed so', OLD.state
        USING ERRCODE = 'restrict_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = (("payments", "0017_drawers_counted_again"),)

    operations = (
        append_only("payments_drawercount"),
        migrations.RunSQL(FUNCTION, BEFORE),
    )
