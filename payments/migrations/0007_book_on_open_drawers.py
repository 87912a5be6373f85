"""Nothing is booked on a drawer that was counted, and no price but the tariff's.

The services see to both under a lock; this is for whatever goes around them. A tariff
waits for payments under way before it looks whether it was charged.
"""

from django.db import migrations

FUNCTIONS = """
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

CREATE FUNCTION charge_the_tariff() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.method = 'waiver'
       OR NEW.amount = (SELECT amount FROM payments_tariff
                        WHERE id = NEW.tariff_id FOR SHARE)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'this is not what the tariff says'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER charge_the_tariff BEFORE INSERT ON payments_payment
    FOR EACH ROW EXECUTE FUNCTION charge_the_tariff();
"""
DROP_FUNCTIONS = """
DROP TRIGGER charge_the_tariff ON payments_payment;
DROP FUNCTION charge_the_tariff();
DROP TRIGGER book_on_open ON payments_reversal;
DROP TRIGGER book_on_open ON payments_drawermovement;
DROP TRIGGER book_on_open ON payments_payment;
DROP FUNCTION book_on_open_drawer();
"""


class Migration(migrations.Migration):
    dependencies = (("payments", "0006_export_cards"),)

    operations = (migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),)
