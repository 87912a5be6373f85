"""What keeps the money as it was booked, whoever writes to the database.

The services see to all of it under a lock; this is for whatever goes around them.

- A drawer changes until its approval, and nothing is booked on one that was counted. Its
  figures change by another count only, and each count stays. Only an approved one goes
  to the accounting.
- A payment is of a price that holds on the day on which the person paid, as the price is
  now; a price that was charged stays. Whoever changes, ends or removes a tariff while a
  payment of it is under way is waited for; the payment then looks at what became of it.
  The name of the refusal is a constraint's, so that it can be told from others
  (payments.taking.booking).
- The numbers of receipts count up by one.
- A reversal goes from asked to agreed, refused, withdrawn or settled, from agreed to
  settled, and never back. What the finance service paid back was settled by transfer.
"""

from django.db import migrations

DRAWERS = """
CREATE FUNCTION keep_approved_drawer() RETURNS trigger LANGUAGE plpgsql AS $$
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
             OR EXISTS (SELECT FROM payments_drawercount AS last
                        WHERE last.session_id = NEW.id
                          AND (last.amount, last.counts, last.difference)
                              = (NEW.counted_amount, NEW.counted_counts,
                                 NEW.difference)
                          AND last.nth = (SELECT max(nth) FROM payments_drawercount
                                          WHERE session_id = NEW.id)))
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

CREATE TRIGGER keep_approved BEFORE UPDATE OR DELETE ON payments_drawersession
    FOR EACH ROW EXECUTE FUNCTION keep_approved_drawer();
CREATE TRIGGER keep_whole BEFORE TRUNCATE ON payments_drawersession
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION book_on_open_drawer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    booked_on uuid := CASE TG_TABLE_NAME
        WHEN 'payments_drawermovement' THEN (to_jsonb(NEW) ->> 'session_id')::uuid
        ELSE (to_jsonb(NEW) ->> 'drawer_id')::uuid
    END;
BEGIN
    IF booked_on IS NULL
       OR EXISTS (SELECT FROM payments_drawersession
                  WHERE id = booked_on AND state = 'open')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'this drawer is not open'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER book_on_open BEFORE INSERT ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION book_on_open_drawer();
CREATE TRIGGER book_on_open BEFORE INSERT ON payments_drawermovement
    FOR EACH ROW EXECUTE FUNCTION book_on_open_drawer();
CREATE TRIGGER book_on_open BEFORE INSERT OR UPDATE OF drawer_id ON payments_reversal
    FOR EACH ROW EXECUTE FUNCTION book_on_open_drawer();

CREATE FUNCTION export_approved_drawer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.session_id IS NULL
       OR EXISTS (SELECT FROM payments_drawersession
                  WHERE id = NEW.session_id AND state = 'approved')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'nobody has approved this drawer'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER export_approved BEFORE INSERT ON payments_exportbatch
    FOR EACH ROW EXECUTE FUNCTION export_approved_drawer();
"""
DROP_DRAWERS = """
DROP TRIGGER export_approved ON payments_exportbatch;
DROP FUNCTION export_approved_drawer();
DROP TRIGGER book_on_open ON payments_reversal;
DROP TRIGGER book_on_open ON payments_drawermovement;
DROP TRIGGER book_on_open ON payments_payment;
DROP TRIGGER keep_whole ON payments_drawersession;
DROP TRIGGER keep_approved ON payments_drawersession;
DROP FUNCTION book_on_open_drawer();
DROP FUNCTION keep_approved_drawer();
"""

TARIFFS = """
CREATE FUNCTION keep_charged_tariff() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.office_id, NEW.category, NEW.amount, NEW.valid_from,
        NEW.regulation)
       IS DISTINCT FROM
       (OLD.id, OLD.office_id, OLD.category, OLD.amount, OLD.valid_from,
        OLD.regulation)
       AND EXISTS (SELECT FROM payments_payment WHERE tariff_id = OLD.id)
    THEN
        RAISE EXCEPTION 'this tariff was charged'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_charged BEFORE UPDATE ON payments_tariff
    FOR EACH ROW EXECUTE FUNCTION keep_charged_tariff();

CREATE FUNCTION charge_the_tariff() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid_on date := (coalesce(
        (SELECT min(taken_at) FROM payments_payment
         WHERE NEW.replaces_id IS NOT NULL AND dossier_id = NEW.dossier_id),
        NEW.taken_at) AT TIME ZONE 'Europe/Brussels')::date;
BEGIN
    PERFORM FROM payments_tariff
    WHERE id = NEW.tariff_id
      AND (NEW.method = 'waiver' OR amount = NEW.amount)
      AND paid_on BETWEEN valid_from AND coalesce(valid_until, 'infinity')
    FOR SHARE;
    IF FOUND THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'this is not what the tariff says'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'charge_the_tariff';
END $$;

CREATE TRIGGER charge_the_tariff BEFORE INSERT ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION charge_the_tariff();
"""
DROP_TARIFFS = """
DROP TRIGGER charge_the_tariff ON payments_payment;
DROP TRIGGER keep_charged ON payments_tariff;
DROP FUNCTION charge_the_tariff();
DROP FUNCTION keep_charged_tariff();
"""

RECEIPTS = """
CREATE FUNCTION receipt_counter_counts_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.last = OLD.last + 1
        AND (NEW.office_id, NEW.year) = (OLD.office_id, OLD.year)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the counter of receipts only counts up by one'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER count_up BEFORE UPDATE OR DELETE ON payments_receiptcounter
    FOR EACH ROW EXECUTE FUNCTION receipt_counter_counts_up();
CREATE TRIGGER keep_whole BEFORE TRUNCATE ON payments_receiptcounter
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
DROP_RECEIPTS = """
DROP TRIGGER keep_whole ON payments_receiptcounter;
DROP TRIGGER count_up ON payments_receiptcounter;
DROP FUNCTION receipt_counter_counts_up();
"""

REVERSALS = """
CREATE FUNCTION keep_decided_reversal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND (NEW.id, NEW.payment_id, NEW.reason, NEW.method, NEW.amount,
             NEW.asked_by_id, NEW.asked_at)
            IS NOT DISTINCT FROM
            (OLD.id, OLD.payment_id, OLD.reason, OLD.method, OLD.amount,
             OLD.asked_by_id, OLD.asked_at)
        AND (OLD.state = 'asked'
             OR (OLD.state = 'agreed' AND NEW.state = 'settled'
                 AND (NEW.decided_by_id, NEW.decided_at, NEW.withdrawn_at)
                     IS NOT DISTINCT FROM
                     (OLD.decided_by_id, OLD.decided_at, OLD.withdrawn_at)
                 AND (NEW.refund_method = 'transfer'
                      OR (NEW.refund_method, NEW.drawer_id)
                         IS NOT DISTINCT FROM (OLD.refund_method, OLD.drawer_id))))
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a reversal is not changed so'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER keep_decided BEFORE UPDATE OR DELETE ON payments_reversal
    FOR EACH ROW EXECUTE FUNCTION keep_decided_reversal();
CREATE TRIGGER keep_whole BEFORE TRUNCATE ON payments_reversal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refund_by_bank_transfer() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM payments_reversal
               WHERE id = NEW.reversal_id AND state = 'settled' AND refund_method = 'transfer'
                 AND booked_on <= NEW.paid_on)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the finance service had nothing to pay back'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER by_bank_transfer BEFORE INSERT ON payments_bankrefund
    FOR EACH ROW EXECUTE FUNCTION refund_by_bank_transfer();
"""
DROP_REVERSALS = """
DROP TRIGGER by_bank_transfer ON payments_bankrefund;
DROP TRIGGER keep_whole ON payments_reversal;
DROP TRIGGER keep_decided ON payments_reversal;
DROP FUNCTION refund_by_bank_transfer();
DROP FUNCTION keep_decided_reversal();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_append_only")]

    operations = [
        migrations.RunSQL(DRAWERS, DROP_DRAWERS),
        migrations.RunSQL(TARIFFS, DROP_TARIFFS),
        migrations.RunSQL(RECEIPTS, DROP_RECEIPTS),
        migrations.RunSQL(REVERSALS, DROP_REVERSALS),
    ]
