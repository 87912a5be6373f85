"""A payment is of a price that holds on its date, as the price is now.

Whoever changes, ends or removes a tariff while a payment of it is under way is waited
for; the payment then looks at what became of it. The name of the refusal is a
constraint's, so that it can be told from others (payments.taking.booking).
"""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION charge_the_tariff() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid_on date := (NEW.taken_at AT TIME ZONE 'Europe/Brussels')::date;
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
"""
BEFORE = """
CREATE OR REPLACE FUNCTION charge_the_tariff() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = (("payments", "0007_book_on_open_drawers"),)

    operations = (migrations.RunSQL(FUNCTION, BEFORE),)
