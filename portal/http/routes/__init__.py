"""Routes of ``/api/v1``, one file per resource. Each asks ``authorize`` before it does anything."""
