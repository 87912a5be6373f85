"""What was booked stays: the database refuses to change or remove it."""

from django.db import migrations

from counter.database.append_only import append_only

FUNCTIONS = """
CREATE FUNCTION keep_approved_drawer() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE TRIGGER keep_approved BEFORE UPDATE OR DELETE ON payments_drawersession
    FOR EACH ROW EXECUTE FUNCTION keep_approved_drawer();
CREATE TRIGGER keep_whole BEFORE TRUNCATE ON payments_drawersession
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION keep_decided_reversal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = 'asked'
        AND (NEW.id, NEW.payment_id, NEW.reason, NEW.method, NEW.amount,
             NEW.asked_by_id, NEW.asked_at)
            IS NOT DISTINCT FROM
            (OLD.id, OLD.payment_id, OLD.reason, OLD.method, OLD.amount,
             OLD.asked_by_id, OLD.asked_at)
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
DROP_FUNCTIONS = """
DROP TRIGGER keep_whole ON payments_receiptcounter;
DROP TRIGGER count_up ON payments_receiptcounter;
DROP FUNCTION receipt_counter_counts_up();
DROP TRIGGER keep_charged ON payments_tariff;
DROP FUNCTION keep_charged_tariff();
DROP TRIGGER keep_whole ON payments_reversal;
DROP TRIGGER keep_decided ON payments_reversal;
DROP FUNCTION keep_decided_reversal();
DROP TRIGGER keep_whole ON payments_drawersession;
DROP TRIGGER keep_approved ON payments_drawersession;
DROP FUNCTION keep_approved_drawer();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0003_drawers_receipts_reversals"),
        ("counter", "0003_append_only"),
    ]

    operations = [
        append_only("payments_receipt"),
        append_only("payments_drawermovement"),
        append_only("payments_exportbatch"),
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
    ]
