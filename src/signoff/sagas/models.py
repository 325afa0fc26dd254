"""Which workers live."""

from django.db import models


class Worker(models.Model):
    """A worker process. Its id is fresh at every start: two with one id would run a case twice."""

    executor = models.CharField(max_length=40, unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
