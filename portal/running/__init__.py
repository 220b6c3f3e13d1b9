"""An installation: its processes and database, their health and numbers, the doctor, backups."""
