from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('activation', '0005_find_holders_by_address'),
        ('counter', '0009_more_to_say'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='activationcode',
            index=models.Index(models.F('issued_by'), models.F('issued_at'), name='code_by_clerk'),
        ),
    ]
