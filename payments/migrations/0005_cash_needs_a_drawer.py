"""Cash is in a drawer. Not asked of what was booked before there were any."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_refuse_changes")]

    operations = [
        AddConstraintNotValid(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("method", "cash"), _negated=True),
                    ("drawer__isnull", False),
                    _connector="OR",
                ),
                name="payment_cash_has_drawer",
                violation_error_message="Cash goes into an open drawer.",
            ),
        ),
    ]
